namespace Moesaic.Kernels;

/// <summary>The tiles of a streamed layer, and how it is launched.</summary>
/// <param name="GateUp">Of the first projection.</param>
/// <param name="Down">Of the second, with as many tokens as the first: they share the tiles of routes.</param>
/// <param name="DownOfToken">Of the second where it sums a token's experts itself; null where rows are combined later.</param>
/// <param name="StartsEarly">Launches begin before those ahead have ended.</param>
internal sealed record StreamPlan(TileShape GateUp, TileShape Down, TileShape? DownOfToken, bool StartsEarly) : LayerPlan
{
    // Up to here a token's experts are read for it alone: two tokens of one expert read it twice.
    private const int TokensWithoutCombine = 1;

    /// <summary>Routes of up to 8 an expert.</summary>
    internal static TileShape Decode { get; } = new(RowTiles: 2, TokenTiles: 1, Depth: 4, Warps: 4);

    /// <summary>Up to 16.</summary>
    internal static TileShape Few { get; } = new(RowTiles: 2, TokenTiles: 2, Depth: 4, Warps: 4);

    /// <summary>More.</summary>
    internal static TileShape Busy { get; } = new(RowTiles: 2, TokenTiles: 4, Depth: 2, Warps: 4);

    /// <summary>All experts of one token in one sum.</summary>
    internal static TileShape OneToken { get; } = new(RowTiles: 1, TokenTiles: 1, Depth: 8, Warps: 16);

    /// <summary>The fewest columns that each projection's result can have: those of a block of the widest tile.</summary>
    internal static (int Width, int Hidden) Narrowest(bool isGated)
    {
        var rows = 16 * Math.Max(Math.Max(Decode.RowTiles, Few.RowTiles), Math.Max(Busy.RowTiles, OneToken.RowTiles));
        return (isGated ? rows / 2 : rows, rows);
    }

    /// <summary>The plan for so many tokens, by the mean of routes an active expert has. Measured in benchmarks/README.md.</summary>
    internal static StreamPlan For(in ExpertSizes sizes, int tokens)
    {
        var mean = (double)tokens * sizes.TopK / Math.Min(sizes.Experts, tokens * sizes.TopK);
        var tile = mean <= 4.5 ? Decode : mean <= 8 ? Few : Busy;
        return new(tile, tile, tokens <= TokensWithoutCombine ? OneToken : null, StartsEarly: true);
    }

    /// <summary>Of the second projection.</summary>
    internal KernelName DownName(KernelTarget target) => DownOfToken is { } tile
        ? new(ExpertKernel.DownOfToken, target) { Tile = tile }
        : new(ExpertKernel.Down, target) { Tile = Down };

    /// <summary>Of the first.</summary>
    internal static KernelName GateUpName(Type activation, TileShape tile, KernelTarget target) =>
        new(ExpertKernel.GateUp, target) { Activation = activation, Tile = tile };

    internal override IEnumerable<KernelName> ProductsOf(Type activation, KernelTarget target) => [GateUpName(activation, GateUp, target), DownName(target)];

    internal override DeviceExperts Load(KernelLibrary kernels, in ExpertSizes sizes, DeviceActivation activation, RoutingRule rule) =>
        new StreamedExperts(kernels, sizes, activation, rule, this);

    public override string ToString() => $"{GateUp} / {DownOfToken ?? Down}{(StartsEarly ? ", early" : "")}";
}
