using Moesaic.Native;

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

    /// <summary>The plan for so many tokens, by the mean of routes an active expert has. Measured in benchmarks/README.md.</summary>
    internal static StreamPlan For(in ExpertSizes sizes, int tokens)
    {
        var mean = (double)tokens * sizes.TopK / Math.Min(sizes.Experts, tokens * sizes.TopK);
        var tokenTiles = mean <= 3 ? 1 : mean <= 8 ? 2 : 4;
        var tile = new TileShape(RowTiles: tokenTiles == 4 ? 2 : 4, tokenTiles, Depth: 2, Warps: 8);
        return new(
            tile, tile, tokens <= TokensWithoutCombine ? new TileShape(RowTiles: 1, TokenTiles: 1, Depth: 8, Warps: 16) : null, StartsEarly: true);
    }

    internal override DeviceExperts Load<TActivation>(CudaDevice device, PtxCache cache, in ExpertSizes sizes, TActivation activation, RoutingRule rule) =>
        new StreamedExperts<TActivation>(device, cache, sizes, activation, rule, this);

    public override string ToString() => $"{GateUp} / {DownOfToken ?? Down}{(StartsEarly ? ", early" : "")}";
}
