namespace Moesaic.Kernels;

/// <summary>The tokens of a product in the order of experts, which the copy engine brings, 64 columns at once.</summary>
internal struct TiledTokens
{
    /// <summary>Tokens of a box: fewer take longer.</summary>
    internal const int BoxRows = 32;

    /// <summary>Their map.</summary>
    internal long Map;

    /// <summary>What a step of an item brings. The last box has rows of the next tile, or none: they make sums that nobody looks at.</summary>
    internal static int Bytes(TiledItem item) => Boxes(item) * BoxRows * TiledProduct.RowBytes;

    /// <summary>Asks for a step of an item; the barrier is told the bytes.</summary>
    internal readonly void Fill(uint tokens, uint full, TiledItem item, int step)
    {
        for (var box = 0; box < Boxes(item); box++)
        {
            var row = box * BoxRows;
            TensorCopy.Box(tokens + (uint)(row * TiledProduct.RowBytes), Map, full, step * TiledProduct.StepColumns, item.Begin + row);
        }
    }

    private static int Boxes(TiledItem item) => (item.Count + BoxRows - 1) / BoxRows;
}
