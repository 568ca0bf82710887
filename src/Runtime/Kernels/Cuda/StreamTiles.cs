namespace Moesaic.Kernels;

/// <summary>The tiles of streaming kernels for weights of one format.</summary>
/// <param name="Decode">Routes of up to 8 an expert.</param>
/// <param name="Few">Up to 16.</param>
/// <param name="Busy">More.</param>
/// <param name="OneToken">All experts of one token in one sum, where all blocks run at once.</param>
/// <param name="OneTokenWide">The same where hidden states are too wide for that: two blocks a multiprocessor.</param>
/// <param name="FirstOfToken">The first projection of one token.</param>
internal sealed record StreamTiles(TileShape Decode, TileShape Few, TileShape Busy, TileShape OneToken, TileShape OneTokenWide, TileShape FirstOfToken)
{
    // Multiprocessors of an H200.
    private const int Blocks = 132;

    private static readonly StreamTiles Plain = new(new(2, 1, 4, 4), new(2, 2, 4, 4), new(2, 4, 2, 4), new(1, 1, 8, 16), new(1, 1, 8, 8), new(1, 1, 8, 4));
    private static readonly StreamTiles E4M3 = new(new(2, 1, 1, 4), new(2, 2, 1, 4), new(2, 4, 1, 4, 12), new(1, 1, 2, 16), new(1, 1, 2, 8), new(2, 1, 1, 4));
    private static readonly StreamTiles E2M1 = new(new(2, 1, 2, 4), new(2, 2, 1, 4), new(2, 4, 1, 4), new(2, 1, 2, 16), new(2, 1, 2, 16), new(2, 1, 2, 8));

    /// <summary>Measured in benchmarks/README.md.</summary>
    internal static StreamTiles Of(WeightFormat format) => format switch
    {
        WeightFormat.E4M3 => E4M3,
        WeightFormat.E2M1 => E2M1,
        _ => Plain,
    };

    /// <summary>The second projection of one token, whose result has so many columns.</summary>
    internal TileShape DownOfToken(int hidden) => hidden <= 16 * OneToken.RowTiles * Blocks ? OneToken : OneTokenWide;

    /// <summary>Those of an expert's routes, the smallest first.</summary>
    internal IEnumerable<TileShape> OfRoutes => [Decode, Few, Busy];
}
