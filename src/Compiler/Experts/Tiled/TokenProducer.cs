namespace Moesaic.Kernels;

/// <summary>The thread of <see cref="CodedTiledKernel"/> that has the copy engine bring tokens, in the order of experts.</summary>
internal struct TokenProducer<TRole>
    where TRole : struct, ITiledRole
{
    internal TiledMemory Memory;
    internal long TokenMap;
    internal int Steps;

    internal readonly void Run()
    {
        var (filled, taken) = (0, 0);
        var item = TiledKernel.TakeItem(Memory, taken);
        EarlyStart.WaitForInput();
        while (item.Count >= 0)
        {
            // The last box has rows of the next tile, or none: they make sums that nobody looks at.
            var boxes = (item.Count + TiledKernel.TokenBoxRows - 1) / TiledKernel.TokenBoxRows;
            for (var step = 0; step < Steps; step++, filled++)
            {
                var stage = TiledMemory.StageOf<TRole>(filled);
                var (tokens, full) = (Memory.Tokens(stage), Memory.Full(stage));
                AsyncBarrier.Wait(Memory.Empty(stage), TiledMemory.PhaseOf<TRole>(filled) ^ 1);
                AsyncBarrier.ArriveAndExpect(full, boxes * TiledKernel.TokenBoxRows * TiledProduct.RowBytes);
                for (var box = 0; box < boxes; box++)
                {
                    var row = box * TiledKernel.TokenBoxRows;
                    TensorCopy.Box(tokens + (uint)(row * TiledProduct.RowBytes), TokenMap, full, step * TiledProduct.StepColumns, item.Begin + row);
                }
            }

            AsyncBarrier.Arrive(Memory.ItemEmpty(taken % TiledMemory.Items));
            taken++;
            item = TiledKernel.TakeItem(Memory, taken);
        }
    }
}
