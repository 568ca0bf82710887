namespace Moesaic.Kernels;

/// <summary>The tiles of a streamed layer, and how it is launched.</summary>
/// <param name="GateUp">Of the first projection.</param>
/// <param name="Down">Of the second, with as many tokens as the first: they share the tiles of routes.</param>
/// <param name="DownOfToken">Of the second where it sums a token's experts itself; null where rows are combined later.</param>
/// <param name="StartsEarly">Launches begin before those ahead have ended.</param>
/// <param name="Format">Of the weights.</param>
internal sealed record StreamPlan(TileShape GateUp, TileShape Down, TileShape? DownOfToken, bool StartsEarly, WeightFormat Format = WeightFormat.BFloat16) : LayerPlan(Format)
{
    // Up to here a token's experts are read for it alone: two tokens of one expert read it twice.
    private const int TokensWithoutCombine = 1;

    /// <summary>The fewest columns that each projection's result can have: those of a block of the widest tile.</summary>
    internal static (int Width, int Hidden) Narrowest(WeightFormat format, bool isGated)
    {
        var tiles = StreamTiles.Of(format);
        var rows = 16 * tiles.OfRoutes.Concat(tiles.OfToken.SelectMany(static pair => new[] { pair.GateUp, pair.Down })).Max(static tile => tile.RowTiles);
        return (isGated ? rows / 2 : rows, rows);
    }

    /// <summary>The plan for so many tokens, by the mean of routes an active expert has. Measured in benchmarks/README.md.</summary>
    internal static StreamPlan For(in ExpertSizes sizes, int tokens, WeightFormat format = WeightFormat.BFloat16)
    {
        var tiles = StreamTiles.Of(format);
        var mean = (double)tokens * sizes.TopK / Math.Min(sizes.Experts, tokens * sizes.TopK);
        var tile = mean <= 4.5 ? tiles.Decode : mean <= 8 ? tiles.Few : tiles.Busy;
        return tokens <= TokensWithoutCombine
            ? OfToken(tiles.ForToken(sizes), format)
            : new(tile, tile, null, StartsEarly: true, format);
    }

    /// <summary>Those whose kernels there are for so many tokens.</summary>
    internal static IEnumerable<StreamPlan> Near(int tokens, WeightFormat format)
    {
        var tiles = StreamTiles.Of(format);
        return tokens <= TokensWithoutCombine
            ? tiles.OfToken.Select(pair => OfToken(pair, format))
            : tiles.OfRoutes.Select(tile => new StreamPlan(tile, tile, null, StartsEarly: true, format));
    }

    /// <summary>That of one token.</summary>
    internal static StreamPlan OfToken(TokenTiles tiles, WeightFormat format) => new(tiles.GateUp, tiles.GateUp, tiles.Down, StartsEarly: true, format);

    /// <summary>Of the second projection.</summary>
    internal KernelName DownName(KernelTarget target) => DownOfToken is { } tile
        ? new(ExpertKernel.DownOfToken, target) { Tile = tile, Format = Format }
        : new(ExpertKernel.Down, target) { Tile = Down, Format = Format };

    /// <summary>Of the first.</summary>
    internal KernelName GateUpName(Type activation, KernelTarget target) => GateUpName(activation, GateUp, target, Format);

    /// <summary>The same for any tile.</summary>
    internal static KernelName GateUpName(Type activation, TileShape tile, KernelTarget target, WeightFormat format = WeightFormat.BFloat16) =>
        new(ExpertKernel.GateUp, target) { Activation = activation, Tile = tile, Format = format };

    /// <summary>Of the sum over a token's experts.</summary>
    internal KernelName CombineName(KernelTarget target) => new(ExpertKernel.Combine, target) { Format = Format.Activations };

    internal override IEnumerable<KernelName> ProductsOf(Type activation, KernelTarget target) => [GateUpName(activation, target), DownName(target)];

    internal override DeviceExperts Load(KernelLibrary kernels, in ExpertSizes sizes, DeviceActivation activation, RoutingRule rule) =>
        new StreamedExperts(kernels, sizes, activation, rule, this);

    public override string ToString() =>
        $"{GateUp} / {DownOfToken ?? Down}{(StartsEarly ? ", early" : "")}{(Format == WeightFormat.BFloat16 ? "" : $", {Format}")}";
}
