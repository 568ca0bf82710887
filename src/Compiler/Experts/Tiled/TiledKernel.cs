using ILGPU;

namespace Moesaic.Kernels;

/// <summary>Either product of a layer for many routes an expert, or a few: wgmma fed by the copy engine, one block a multiprocessor.</summary>
/// <remarks>
/// <code>
///   gate up   h[r] = weight · activation(W13_gate x + b_gate, W13_up x + b_up)     tokens x [R, D], sorted by expert
///   down      y[slot] = W2 h + weight · b2                                         tokens h [R, F], sorted by expert; y [R, D]
///
///   an item   256 weight rows (128 of the gate and 128 of the up projection, or 256 of what has no gate)
///             times up to 160 routes of one expert, over all columns
///   block     a thread of warpgroup 0 has the copy engine fill stages of 64 columns, a warp of it takes items
///             warpgroups 1 and 2 multiply: 64 tokens and all rows each, or 64 rows of either half and all tokens, so that a
///             thread holds gate and up of the same column
/// </code>
/// Replaces EagerExperts, "w13Rows" to "output". Needs D and F multiples of 8 and results no narrower than an item.
/// </remarks>
internal static class TiledKernel
{
    internal const int Threads = 3 * Warpgroup.Threads;

    /// <summary>Dynamic shared memory of a block.</summary>
    internal static int Bytes => TiledMemory.Bytes<GateUpRole<BrainFloats>>();

    /// <summary>Tokens that the copy engine takes at once: fewer take it longer.</summary>
    internal const int TokenBoxRows = 32;

    /// <summary>Columns of the result in an item.</summary>
    internal static int BlockColumns(bool isGated) => isGated ? 128 : 256;

    internal static void Run<TActivation, TRole>(
        long tensorMap, TActivation activation, long tensorMapTokens, long bias, long weights, long order, long tiles, long tileCount, long nextItem, long output,
        int columns, int width, int group)
        where TActivation : struct, IExpertActivation
        where TRole : struct, ITiledRole
    {
        var memory = TiledMemory.Of<TRole>(BlockMemory.Start());
        if (Group.IdxX == 0)
        {
            Initialize(memory);
        }

        Group.Barrier();

        // Tiles are there since before the launch ahead of this one. Only the tokens are awaited, by the thread that copies them.
        EarlyStart.LetNext();
        var isGated = !TRole.IsDown && TActivation.IsGated;
        var steps = (columns + TiledProduct.StepColumns - 1) / TiledProduct.StepColumns;
        if (Group.IdxX < Warpgroup.Threads)
        {
            Warpgroup.TakeFewRegisters();
            if (Group.IdxX >= Warpgroup.Threads - 32)
            {
                var blockColumns = isGated ? 128 : 256;
                var columnBlocks = (width + blockColumns - 1) / blockColumns;
                new TiledScheduler<TRole>
                {
                    Memory = memory,
                    Order = order,
                    Weights = weights,
                    Tiles = tiles,
                    NextItem = nextItem,
                    Items = GlobalMemory.LoadFreshInt(tileCount) * columnBlocks,
                    ColumnBlocks = columnBlocks,
                    BlockColumns = blockColumns,
                    Width = width,
                    Group = group,
                }.Run();
            }
            else if (Group.IdxX == 0)
            {
                new TiledProducer
                {
                    Memory = memory,
                    WeightMap = tensorMap,
                    TokenMap = tensorMapTokens,
                    ExpertRows = (isGated ? 2 : 1) * width,
                    SecondHalf = isGated ? width : 128,
                    Steps = steps,
                }.Run();
            }
        }
        else
        {
            Warpgroup.TakeManyRegisters();
            Consume<TActivation, TRole>(memory, activation, bias, output, steps, width);
        }
    }

    /// <summary>Multiplies and finishes all items of the block.</summary>
    internal static void Consume<TActivation, TRole>(TiledMemory memory, TActivation activation, long bias, long output, int steps, int width)
        where TActivation : struct, IExpertActivation
        where TRole : struct, ITiledRole
    {
        var used = 0;
        var taken = 0;
        var item = TakeItem(memory, taken);
        while (item.Count >= 0)
        {
            used = Use<TActivation, TRole>(memory, activation, bias, output, item, taken % TiledMemory.Items, steps, width, used);
            AsyncBarrier.Arrive(memory.ItemEmpty(taken % TiledMemory.Items));
            taken++;
            item = TakeItem(memory, taken);
        }
    }

    /// <summary>Waits for what the scheduler has published next.</summary>
    internal static TiledItem TakeItem(TiledMemory memory, int taken)
    {
        var place = taken % TiledMemory.Items;
        AsyncBarrier.Wait(memory.ItemFull(place), (taken / TiledMemory.Items) & 1);
        return TiledItem.Load(memory.Item(place));
    }

    private static void Initialize(TiledMemory memory)
    {
        for (var stage = 0; stage < TiledMemory.Stages; stage++)
        {
            AsyncBarrier.Initialize(memory.Full(stage), 1);
            AsyncBarrier.Initialize(memory.Empty(stage), 2);
        }

        for (var item = 0; item < TiledMemory.Items; item++)
        {
            AsyncBarrier.Initialize(memory.ItemFull(item), 32);
            AsyncBarrier.Initialize(memory.ItemEmpty(item), 1 + (2 * Warpgroup.Threads));
        }

        AsyncBarrier.Publish();
    }

    /// <summary>Multiplies and finishes an item, with the fewest tokens that hold its routes.</summary>
    private static int Use<TActivation, TRole>(
        TiledMemory memory, TActivation activation, long bias, long output, TiledItem item, int place, int steps, int width, int used)
        where TActivation : struct, IExpertActivation
        where TRole : struct, ITiledRole
    {
        var consumer = new TiledConsumer<TActivation, TRole>
        {
            Memory = memory,
            Activation = activation,
            Bias = bias,
            Output = output,
            Width = width,
            Item = item,
            Place = place,
            Steps = steps,
        };
        if (item.Count <= 16)
        {
            return consumer.Run<Tokens16>(used);
        }

        if (item.Count <= 32)
        {
            return consumer.Run<Tokens32>(used);
        }

        if (item.Count <= 64)
        {
            return consumer.Run<Tokens64>(used);
        }

        if (item.Count <= 96)
        {
            return consumer.Run<Tokens96>(used);
        }

        if (item.Count <= 128)
        {
            return TRole.HasTokensLeft ? consumer.RunFull(used) : consumer.Run<Tokens128>(used);
        }

        return item.Count <= 144 ? consumer.Run<Tokens144>(used) : consumer.Run<Tokens160>(used);
    }
}
