namespace Moesaic.Kernels;

/// <summary>The weights of a product, which the copy engine brings, 64 columns of an item's 256 rows at once.</summary>
internal struct TiledWeights<TBlocks>
    where TBlocks : struct, ITiledBlocks
{
    private const int HalfRows = 128;

    /// <summary>Their map.</summary>
    internal long Map;

    /// <summary>Rows of an expert.</summary>
    internal int ExpertRows;

    /// <summary>Rows from the first 128 rows of an item to the other 128.</summary>
    internal int SecondHalf;

    /// <summary>Asks for a step of an item; the barrier is told the bytes.</summary>
    internal readonly void Fill(uint stage, uint full, TiledItem item, int step)
    {
        var (column, row) = (step * TiledProduct.StepColumns, Row(item));
        if (TBlocks.Count == 2)
        {
            var half = ClusterBlocks.Rank();
            TensorCopy.BoxForBoth(stage + (uint)(half * HalfRows * TiledProduct.RowBytes), Map, full, column, row + (half * SecondHalf));
            return;
        }

        TensorCopy.Box(stage, Map, full, column, row);
        TensorCopy.Box(stage + (HalfRows * TiledProduct.RowBytes), Map, full, column, row + SecondHalf);
    }

    private readonly int Row(TiledItem item) => (item.Expert * ExpertRows) + item.Column;
}
