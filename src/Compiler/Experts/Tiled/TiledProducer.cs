namespace Moesaic.Kernels;

/// <summary>The thread of <see cref="TiledKernel"/> that has the copy engine fill stages: weights, and tokens in the order of experts.</summary>
internal struct TiledProducer<TBlocks>
    where TBlocks : struct, ITiledBlocks
{
    internal TiledMemory Memory;
    internal TiledWeights<TBlocks> Weights;
    internal long TokenMap;
    internal int Steps;

    /// <summary>Stages that hold the results of an item.</summary>
    internal int ResultStages;

    internal readonly void Run()
    {
        var (place, stage) = (default(RingPlace), default(RingPlace));
        var item = TiledKernel.TakeItem(Memory, place);
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
            stage = stage.Next(TiledMemory.Stages);
        }

        while (item.Count >= 0)
        {
            for (var step = first; step < Steps; step++, stage = stage.Next(TiledMemory.Stages))
            {
                AsyncBarrier.Wait(Memory.Empty(stage.Index), stage.Phase ^ 1);
                FillWeights(item, step, stage.Index);
                FillTokens(item, step, stage.Index);
            }

            // Stages for the results: given as soon as nobody reads them any more.
            for (var result = 0; result < ResultStages; result++, stage = stage.Next(TiledMemory.Stages))
            {
                AsyncBarrier.Wait(Memory.Empty(stage.Index), stage.Phase ^ 1);
                AsyncBarrier.Arrive(Memory.Full(stage.Index));
            }

            first = 0;
            AsyncBarrier.Arrive(Memory.ItemEmpty(place.Index));
            place = place.Next(TiledMemory.Items);
            item = TiledKernel.TakeItem(Memory, place);
        }
    }

    // The last box has rows of the next tile, or none: they make sums that nobody looks at.
    private static int Boxes(TiledItem item) => (item.Count + TiledKernel.TokenBoxRows - 1) / TiledKernel.TokenBoxRows;

    private readonly void FillWeights(TiledItem item, int step, int stage)
    {
        var full = Memory.Full(stage);
        AsyncBarrier.ArriveAndExpect(full, TiledMemory.WeightBytes + (Boxes(item) * TiledKernel.TokenBoxRows * TiledProduct.RowBytes));
        Weights.Fill(Memory.Stage(stage), full, item, step);
    }

    private readonly void FillTokens(TiledItem item, int step, int stage)
    {
        for (var box = 0; box < Boxes(item); box++)
        {
            var row = box * TiledKernel.TokenBoxRows;
            TensorCopy.Box(
                Memory.Tokens(stage) + (uint)(row * TiledProduct.RowBytes), TokenMap, Memory.Full(stage), step * TiledProduct.StepColumns, item.Begin + row);
        }
    }
}
