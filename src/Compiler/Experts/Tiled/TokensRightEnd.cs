using ILGPU;

namespace Moesaic.Kernels;

/// <summary>Of sums whose rows are columns of the result: a thread has two of these, and the tokens c and c + 1 of each tile.</summary>
internal struct TokensRightEnd<TActivation, TRole> : ITileEnd
    where TActivation : struct, IExpertActivation
    where TRole : struct, ITiledRole
{
    internal TActivation Activation;
    internal TileWriter Writer;

    /// <summary>Of row r: of the gate, or of the only product there is.</summary>
    internal float Bias;

    internal float UpBias;

    /// <summary>Of row r + 8.</summary>
    internal float LowerBias;

    internal float LowerUpBias;

    /// <summary>The weight of token c of the first tile, in shared memory.</summary>
    internal uint Weights;

    public readonly void Store(int tile, TokenTile first, TokenTile second)
    {
        var (lane, warp) = (Group.IdxX & 31, (Group.IdxX & 127) >> 5);
        var weight = BlockMemory.LoadFloat(Weights + (uint)(tile * 32));
        var nextWeight = BlockMemory.LoadFloat(Weights + (uint)((tile * 32) + 4));
        var x = TileValue.Of<TActivation, TRole>(Activation, weight, first.X, second.X, Bias, UpBias);
        var y = TileValue.Of<TActivation, TRole>(Activation, nextWeight, first.Y, second.Y, Bias, UpBias);
        var z = TileValue.Of<TActivation, TRole>(Activation, weight, first.Z, second.Z, LowerBias, LowerUpBias);
        var w = TileValue.Of<TActivation, TRole>(Activation, nextWeight, first.W, second.W, LowerBias, LowerUpBias);
        var token = (8 * (tile & ((TileWriter.Size / 8) - 1))) + (lane & 7);
        var piece = (2 * warp) + ((lane >> 3) & 1);
        Warpgroup.StoreTransposed(
            Writer.Results + (uint)((token * TiledProduct.RowBytes) + ((piece ^ (lane & 7)) << 4)), TRole.Pack(x, y), TRole.Pack(z, w));
    }

    public readonly void EndRound(int round)
    {
        Writer.Write(round);
        Writer.Begin();
    }
}
