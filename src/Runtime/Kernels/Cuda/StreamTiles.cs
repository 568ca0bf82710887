namespace Moesaic.Kernels;

/// <summary>The tiles of streaming kernels for weights of one format.</summary>
/// <param name="Decode">Routes of up to 8 an expert.</param>
/// <param name="Few">Up to 16.</param>
/// <param name="Busy">More.</param>
/// <param name="Wide">One token, where its hidden states are too wide for all blocks of the second projection to run at once.</param>
/// <param name="Narrow">One token, where they do, and experts have few columns.</param>
/// <param name="Middle">One token, where they do, and experts have more.</param>
internal sealed record StreamTiles(TileShape Decode, TileShape Few, TileShape Busy, TokenTiles Wide, TokenTiles Narrow, TokenTiles Middle)
{
    // Multiprocessors of an H200.
    private const int Blocks = 132;

    // Columns of all experts of a token: Qwen3 has 6144, OLMoE 8192.
    private const int FewColumns = 7168;

    // Of one token, second projection: 16 warps of depth 8 would take all registers, and could begin only where the launch ahead has left.
    private static readonly StreamTiles Plain = new(
        new(2, 1, 4, 4), new(2, 2, 4, 4), new(2, 4, 2, 4),
        new(new(1, 1, 8, 4), new(1, 1, 8, 8)), new(new(1, 1, 4, 4), new(1, 1, 4, 16)), new(new(2, 1, 4, 4, 12), new(1, 1, 4, 16)));

    private static readonly StreamTiles E4M3 = new(
        new(2, 1, 1, 2, 20), new(2, 2, 1, 4), new(2, 4, 1, 4, 12),
        new(new(2, 1, 1, 4), new(1, 1, 2, 8)), new(new(1, 1, 1, 4, 24), new(1, 1, 1, 16)), new(new(2, 1, 1, 4), new(1, 1, 2, 16)));

    private static readonly StreamTiles E2M1 = new(
        new(1, 1, 2, 2, 24), new(2, 2, 2, 2), new(2, 4, 1, 4),
        new(new(1, 1, 2, 2, 24), new(1, 1, 2, 8)), new(new(2, 1, 2, 8), new(1, 1, 2, 16)), new(new(2, 1, 2, 8), new(1, 1, 2, 16)));

    /// <summary>Measured in benchmarks/README.md.</summary>
    internal static StreamTiles Of(WeightFormat format) => format switch
    {
        WeightFormat.E4M3 => E4M3,
        WeightFormat.E2M1 => E2M1,
        _ => Plain,
    };

    /// <summary>Those of one token.</summary>
    internal TokenTiles ForToken(in ExpertSizes sizes) => sizes.Hidden > 16 * Narrow.Down.RowTiles * Blocks ? Wide
        : (long)sizes.TopK * sizes.Width <= FewColumns ? Narrow : Middle;

    /// <summary>All that one token may have.</summary>
    internal IEnumerable<TokenTiles> OfToken => new[] { Wide, Narrow, Middle }.Distinct();

    /// <summary>Those of an expert's routes, the smallest first.</summary>
    internal IEnumerable<TileShape> OfRoutes => [Decode, Few, Busy];
}
