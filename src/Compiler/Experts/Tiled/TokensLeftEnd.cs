namespace Moesaic.Kernels;

/// <summary>Of sums whose rows are tokens: a thread has two of these, and the columns c and c + 1 of each tile.</summary>
internal struct TokensLeftEnd<TActivation, TRole, TBias> : ITileEnd
    where TActivation : struct, IExpertActivation
    where TRole : struct, ITiledRole
    where TBias : struct, ITileBias
{
    internal TActivation Activation;

    /// <summary>Where a lane's row of the first tile goes in shared memory: lanes 0 to 15 have one each.</summary>
    internal uint Row;

    /// <summary>The weight of token r.</summary>
    internal float Weight;

    /// <summary>Of token r + 8.</summary>
    internal float LowerWeight;

    /// <summary>The bias of the thread's column c of the first tile.</summary>
    internal long Biases;

    /// <summary>Bytes from a gate's bias to that of the up projection.</summary>
    internal long UpOffset;

    public readonly void Store(int tile, TokenTile first, TokenTile second)
    {
        if (!TBias.Is)
        {
            Warpgroup.StoreRows(
                Row + (uint)(16 * tile),
                TRole.Pack(Of(Weight, first.X, second.X), Of(Weight, first.Y, second.Y)),
                TRole.Pack(Of(LowerWeight, first.Z, second.Z), Of(LowerWeight, first.W, second.W)));
            return;
        }

        var address = Biases + (16 * tile);
        var (bias, nextBias, upBias, nextUpBias) = (TRole.Load(address), TRole.Load(address + 2), 0f, 0f);
        if (!TRole.IsDown && TActivation.IsGated)
        {
            upBias = TRole.Load(address + UpOffset);
            nextUpBias = TRole.Load(address + UpOffset + 2);
        }

        Warpgroup.StoreRows(
            Row + (uint)(16 * tile),
            TRole.Pack(WithBias(Weight, first.X, second.X, bias, upBias), WithBias(Weight, first.Y, second.Y, nextBias, nextUpBias)),
            TRole.Pack(WithBias(LowerWeight, first.Z, second.Z, bias, upBias), WithBias(LowerWeight, first.W, second.W, nextBias, nextUpBias)));
    }

    private readonly float Of(float weight, float first, float second) => TileValue.Of<TActivation, TRole>(Activation, weight, first, second);

    private readonly float WithBias(float weight, float first, float second, float bias, float upBias) =>
        TileValue.WithBias<TActivation, TRole>(Activation, weight, first, second, bias, upBias);
}
