namespace Moesaic.Kernels;

/// <summary>The weights of a product, which the copy engine brings, 64 columns of an item's 256 rows at once.</summary>
internal struct TiledWeights<TBlocks> : ITiledWeights
    where TBlocks : struct, ITiledBlocks
{
    /// <summary>Their map.</summary>
    internal long Map;

    internal ItemRows Rows;

    public static int Bytes => TiledMemory.WeightBytes;

    public readonly void Fill(uint stage, uint full, TiledItem item, int step)
    {
        var (column, row) = (step * TiledProduct.StepColumns, Rows.First(item));
        if (TBlocks.Count == 2)
        {
            var half = ClusterBlocks.Rank();
            TensorCopy.BoxForBoth(stage + (uint)(half * ItemRows.HalfCount * TiledProduct.RowBytes), Map, full, column, row + (half * Rows.SecondHalf));
            return;
        }

        TensorCopy.Box(stage, Map, full, column, row);
        TensorCopy.Box(stage + (ItemRows.HalfCount * TiledProduct.RowBytes), Map, full, column, row + Rows.SecondHalf);
    }
}
