namespace Moesaic.Kernels;

/// <summary>The thread of <see cref="CodedTiledKernel"/> that has the copy engine bring tokens.</summary>
internal struct TokenProducer
{
    internal TiledMemory Memory;
    internal TiledTokens Tokens;
    internal int Steps;

    /// <summary>Stages that hold the results of an item.</summary>
    internal int ResultStages;

    internal readonly void Run()
    {
        var (stage, place) = (default(RingPlace), default(RingPlace));
        var item = TiledKernel.TakeItem(Memory, place);
        EarlyStart.WaitForInput();
        while (item.Count >= 0)
        {
            for (var step = 0; step < Steps; step++, stage = stage.Next(Memory.StageCount))
            {
                var full = Memory.Full(stage.Index);
                AsyncBarrier.Wait(Memory.Empty(stage.Index), stage.Phase ^ 1);
                AsyncBarrier.ArriveAndExpect(full, TiledTokens.Bytes(item));
                Tokens.Fill(Memory.Tokens(stage.Index), full, item, step);
            }

            stage = Memory.GiveForResults(stage, ResultStages);
            AsyncBarrier.Arrive(Memory.ItemEmpty(place.Index));
            place = place.Next(TiledMemory.Items);
            item = TiledKernel.TakeItem(Memory, place);
        }
    }
}
