namespace Moesaic.Kernels;

/// <summary>The thread of <see cref="TiledKernel"/> that has the copy engine fill stages: weights, and tokens in the order of experts.</summary>
internal struct TiledProducer
{
    internal TiledMemory Memory;
    internal long WeightMap;
    internal long TokenMap;

    /// <summary>Weight rows of an expert.</summary>
    internal int ExpertRows;

    /// <summary>Rows from the first 128 weight rows of an item to the other 128.</summary>
    internal int SecondHalf;

    internal int Steps;

    internal readonly void Run()
    {
        var filled = 0;
        var taken = 0;
        var item = TiledKernel.TakeItem(Memory, taken);
        while (item.Count >= 0)
        {
            Fill(item, filled);
            filled += Steps;
            AsyncBarrier.Arrive(Memory.ItemEmpty(taken % TiledMemory.Items));
            taken++;
            item = TiledKernel.TakeItem(Memory, taken);
        }
    }

    private readonly void Fill(TiledItem item, int filled)
    {
        // The last box has rows of the next tile, or none: they make sums that nobody looks at.
        var boxes = (item.Count + TiledKernel.TokenBoxRows - 1) / TiledKernel.TokenBoxRows;
        var bytes = TiledMemory.WeightBytes + (boxes * TiledKernel.TokenBoxRows * TiledProduct.RowBytes);
        var weightRow = (item.Expert * ExpertRows) + item.Column;
        for (var step = 0; step < Steps; step++)
        {
            var stage = TiledMemory.StageOf(filled + step);
            var (full, column) = (Memory.Full(stage), step * TiledProduct.StepColumns);
            AsyncBarrier.Wait(Memory.Empty(stage), TiledMemory.PhaseOf(filled + step) ^ 1);
            AsyncBarrier.ArriveAndExpect(full, bytes);
            TensorCopy.Box(Memory.Stage(stage), WeightMap, full, column, weightRow);
            TensorCopy.Box(Memory.Stage(stage) + (128 * TiledProduct.RowBytes), WeightMap, full, column, weightRow + SecondHalf);
            for (var box = 0; box < boxes; box++)
            {
                var firstRow = box * TiledKernel.TokenBoxRows;
                TensorCopy.Box(Memory.Tokens(stage) + (uint)(firstRow * TiledProduct.RowBytes), TokenMap, full, column, item.Begin + firstRow);
            }
        }
    }
}
