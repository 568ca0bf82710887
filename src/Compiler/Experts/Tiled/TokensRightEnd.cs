namespace Moesaic.Kernels;

/// <summary>Of sums whose rows are columns of the result: a thread has two of these, and the tokens c and c + 1 of each tile.</summary>
internal struct TokensRightEnd<TActivation, TRole> : ITileEnd
    where TActivation : struct, IExpertActivation
    where TRole : struct, ITiledRole
{
    internal TActivation Activation;

    /// <summary>Where a lane's token of the first tile goes in shared memory: lanes 0 to 7 have one each, and lanes 8 to 15 eight columns further on.</summary>
    internal uint Row;

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
        var weight = BlockMemory.LoadFloat(Weights + (uint)(tile * 32));
        var nextWeight = BlockMemory.LoadFloat(Weights + (uint)((tile * 32) + 4));
        var x = TileValue.WithBias<TActivation, TRole>(Activation, weight, first.X, second.X, Bias, UpBias);
        var y = TileValue.WithBias<TActivation, TRole>(Activation, nextWeight, first.Y, second.Y, Bias, UpBias);
        var z = TileValue.WithBias<TActivation, TRole>(Activation, weight, first.Z, second.Z, LowerBias, LowerUpBias);
        var w = TileValue.WithBias<TActivation, TRole>(Activation, nextWeight, first.W, second.W, LowerBias, LowerUpBias);
        Warpgroup.StoreTransposed(Row + (uint)(tile * 8 * TiledMemory.ResultBytes), TRole.Pack(x, y), TRole.Pack(z, w));
    }
}
