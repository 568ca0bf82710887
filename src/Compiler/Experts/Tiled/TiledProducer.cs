namespace Moesaic.Kernels;

/// <summary>The thread of <see cref="TiledKernel"/> that has the copy engine fill stages: weights, where these are no codes, and tokens in the order of experts.</summary>
internal struct TiledProducer<TWeights>
    where TWeights : struct, ITiledWeights
{
    internal TiledMemory Memory;
    internal TWeights Weights;
    internal TiledTokens Tokens;
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
        var first = Steps < Memory.StageCount ? Steps : Memory.StageCount;
        for (var step = 0; step < first; step++)
        {
            FillWeights(item, step, step);
        }

        EarlyStart.WaitForInput();
        for (var step = 0; step < first; step++)
        {
            FillTokens(item, step, step);
            stage = stage.Next(Memory.StageCount);
        }

        while (item.Count >= 0)
        {
            for (var step = first; step < Steps; step++, stage = stage.Next(Memory.StageCount))
            {
                AsyncBarrier.Wait(Memory.Empty(stage.Index), stage.Phase ^ 1);
                FillWeights(item, step, stage.Index);
                FillTokens(item, step, stage.Index);
            }

            stage = Memory.GiveForResults(stage, ResultStages);
            first = 0;
            AsyncBarrier.Arrive(Memory.ItemEmpty(place.Index));
            place = place.Next(TiledMemory.Items);
            item = TiledKernel.TakeItem(Memory, place);
        }
    }

    private readonly void FillWeights(TiledItem item, int step, int stage)
    {
        var full = Memory.Full(stage);
        AsyncBarrier.ArriveAndExpect(full, TWeights.Bytes + TiledTokens.Bytes(item));
        Weights.Fill(Memory.Stage(stage), full, item, step);
    }

    private readonly void FillTokens(TiledItem item, int step, int stage) => Tokens.Fill(Memory.Tokens(stage), Memory.Full(stage), item, step);
}
