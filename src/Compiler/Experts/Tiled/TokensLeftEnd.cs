using ILGPU;

namespace Moesaic.Kernels;

/// <summary>Of sums whose rows are tokens: a thread has two of these, and the columns c and c + 1 of each tile.</summary>
internal struct TokensLeftEnd<TActivation, TRole> : ITileEnd
    where TActivation : struct, IExpertActivation
    where TRole : struct, ITiledRole
{
    internal TActivation Activation;
    internal TileWriter Writer;

    /// <summary>The weight of token r.</summary>
    internal float Weight;

    /// <summary>Of token r + 8.</summary>
    internal float LowerWeight;

    /// <summary>The bias of the thread's column c of the first tile; 0 where there is none.</summary>
    internal long Biases;

    /// <summary>Bytes from a gate's bias to that of the up projection.</summary>
    internal long UpOffset;

    public readonly void Store(int tile, TokenTile first, TokenTile second)
    {
        var (bias, nextBias, upBias, nextUpBias) = (0f, 0f, 0f, 0f);
        if (Biases != 0)
        {
            var address = Biases + (16 * tile);
            bias = TRole.Load(address);
            nextBias = TRole.Load(address + 2);
            if (!TRole.IsDown && TActivation.IsGated)
            {
                upBias = TRole.Load(address + UpOffset);
                nextUpBias = TRole.Load(address + UpOffset + 2);
            }
        }

        var x = TileValue.Of<TActivation, TRole>(Activation, Weight, first.X, second.X, bias, upBias);
        var y = TileValue.Of<TActivation, TRole>(Activation, Weight, first.Y, second.Y, nextBias, nextUpBias);
        var z = TileValue.Of<TActivation, TRole>(Activation, LowerWeight, first.Z, second.Z, bias, upBias);
        var w = TileValue.Of<TActivation, TRole>(Activation, LowerWeight, first.W, second.W, nextBias, nextUpBias);
        var token = (16 * ((Group.IdxX & 127) >> 5)) + (Group.IdxX & 15);
        var piece = tile & ((TileWriter.Size / 8) - 1);
        Warpgroup.StoreRows(
            Writer.Results + (uint)((token * TiledProduct.RowBytes) + ((piece ^ (token & 7)) << 4)), TRole.Pack(x, y), TRole.Pack(z, w));
    }

    public readonly void EndRound(int round)
    {
        Writer.Write(round);
        Writer.Begin();
    }
}
