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
        var item = TiledKernel.TakeItem(Memory, 0);
        if (item.Count < 0)
        {
            EarlyStart.WaitForInput();
            return;
        }

        // Weights of the first steps are on their way while the tokens are awaited.
        var first = Steps < TiledMemory.Stages ? Steps : TiledMemory.Stages;
        for (var step = 0; step < first; step++)
        {
            FillWeights(item, step, step);
        }

        EarlyStart.WaitForInput();
        for (var step = 0; step < first; step++)
        {
            FillTokens(item, step, step);
        }

        var (filled, taken) = (0, 0);
        while (item.Count >= 0)
        {
            for (var step = taken == 0 ? first : 0; step < Steps; step++)
            {
                AsyncBarrier.Wait(Memory.Empty(TiledMemory.StageOf(filled + step)), TiledMemory.PhaseOf(filled + step) ^ 1);
                FillWeights(item, step, filled + step);
                FillTokens(item, step, filled + step);
            }

            filled += Steps;
            AsyncBarrier.Arrive(Memory.ItemEmpty(taken % TiledMemory.Items));
            taken++;
            item = TiledKernel.TakeItem(Memory, taken);
        }
    }

    // The last box has rows of the next tile, or none: they make sums that nobody looks at.
    private static int Boxes(TiledItem item) => (item.Count + TiledKernel.TokenBoxRows - 1) / TiledKernel.TokenBoxRows;

    private readonly void FillWeights(TiledItem item, int step, int used)
    {
        var stage = TiledMemory.StageOf(used);
        var (full, column) = (Memory.Full(stage), step * TiledProduct.StepColumns);
        var row = (item.Expert * ExpertRows) + item.Column;
        AsyncBarrier.ArriveAndExpect(full, TiledMemory.WeightBytes + (Boxes(item) * TiledKernel.TokenBoxRows * TiledProduct.RowBytes));
        TensorCopy.Box(Memory.Stage(stage), WeightMap, full, column, row);
        TensorCopy.Box(Memory.Stage(stage) + (128 * TiledProduct.RowBytes), WeightMap, full, column, row + SecondHalf);
    }

    private readonly void FillTokens(TiledItem item, int step, int used)
    {
        var stage = TiledMemory.StageOf(used);
        for (var box = 0; box < Boxes(item); box++)
        {
            var row = box * TiledKernel.TokenBoxRows;
            TensorCopy.Box(
                Memory.Tokens(stage) + (uint)(row * TiledProduct.RowBytes), TokenMap, Memory.Full(stage), step * TiledProduct.StepColumns, item.Begin + row);
        }
    }
}
