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
///   block     a thread of warpgroup 0 has the copy engine fill stages of 64 columns, a warp of it takes items, two bring results
///             to device memory
///             warpgroups 1 and 2 multiply: 64 tokens and all rows each, or 64 rows of either half and all tokens, so that a
///             thread holds gate and up of the same column
///   pair      two blocks, for experts with many routes: the weight rows of an item times up to 320 routes, half of them each
/// </code>
/// Replaces EagerExperts, "w13Rows" to "output". Needs D and F multiples of 8 and results no narrower than an item.
/// </remarks>
internal static class TiledKernel
{
    internal const int Threads = 3 * Warpgroup.Threads;

    private const int WriterWarps = 2;

    /// <summary>Dynamic shared memory of a block.</summary>
    internal static int Bytes => TiledMemory.Bytes<GateUpRole<BrainFloats>>();

    /// <summary>Columns of the result in an item.</summary>
    internal static int BlockColumns(bool isGated) => TiledMemory.ResultColumns * ResultStages(isGated);

    /// <summary>Stages that hold the results of an item.</summary>
    internal static int ResultStages(bool isGated) => isGated ? 1 : 2;

    internal static void Run<TActivation, TRole, TBlocks>(
        long tensorMap, TActivation activation, long tensorMapTokens, long bias, long weights, long order, long tiles, long tileCount, long nextItem, long output,
        int columns, int width, int group)
        where TActivation : struct, IExpertActivation
        where TRole : struct, ITiledRole
        where TBlocks : struct, ITiledBlocks
    {
        var memory = TiledMemory.Of<TRole>(BlockMemory.Start());
        if (Group.IdxX == 0)
        {
            memory.Initialize(fillers: 1, TBlocks.Count, itemUsers: 1 + (32 * WriterWarps) + (2 * Warpgroup.Threads));
            AsyncBarrier.Publish();
        }

        if (TBlocks.Count == 1)
        {
            Group.Barrier();
        }
        else
        {
            ClusterBlocks.Synchronize();
        }

        // Tiles are there since before the launch ahead of this one. Only the tokens are awaited, by the thread that copies them.
        EarlyStart.LetNext();
        var isGated = !TRole.IsDown && TActivation.IsGated;
        var steps = (columns + TiledProduct.StepColumns - 1) / TiledProduct.StepColumns;
        if (Group.IdxX < Warpgroup.Threads)
        {
            Warpgroup.TakeFewRegisters();
            if (Group.IdxX >= Warpgroup.Threads - 32)
            {
                Schedule<TRole, TBlocks>(memory, weights, order, tiles, tileCount, nextItem, width, isGated, group);
            }
            else if (Group.IdxX >= 32)
            {
                Write<TRole, TBlocks>(memory, firstWarp: 1, WriterWarps, output, width, steps, isGated);
            }
            else if (Group.IdxX == 0)
            {
                new TiledProducer<TiledWeights<TBlocks>>
                {
                    Memory = memory,
                    Weights = new() { Map = tensorMap, Rows = ItemRows.Of(width, isGated) },
                    Tokens = new() { Map = tensorMapTokens },
                    Steps = steps,
                    ResultStages = ResultStages(isGated),
                }.Run();
            }
        }
        else
        {
            Warpgroup.TakeManyRegisters();
            Consume<TActivation, TRole, TBlocks>(memory, activation, bias, steps, width);
        }

        if (TBlocks.Count > 1)
        {
            // The other's barriers are arrived at until it ends.
            ClusterBlocks.Synchronize();
        }
    }

    /// <summary>Takes items and says what is in them, by a warp.</summary>
    internal static void Schedule<TRole, TBlocks>(
        TiledMemory memory, long weights, long order, long tiles, long tileCount, long nextItem, int width, bool isGated, int group)
        where TRole : struct, ITiledRole
        where TBlocks : struct, ITiledBlocks
    {
        var blockColumns = BlockColumns(isGated);
        var columnBlocks = (width + blockColumns - 1) / blockColumns;
        new TiledScheduler<TRole, TBlocks>
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

    /// <summary>Brings results to device memory, by one warp or two.</summary>
    internal static void Write<TRole, TBlocks>(TiledMemory memory, int firstWarp, int warps, long output, int width, int steps, bool isGated)
        where TRole : struct, ITiledRole
        where TBlocks : struct, ITiledBlocks =>
        new TiledWriter<TRole, TBlocks>
        {
            Memory = memory,
            FirstWarp = firstWarp,
            Warps = warps,
            Output = output,
            Width = width,
            Steps = steps,
            ResultStages = ResultStages(isGated),
        }.Run();

    /// <summary>Multiplies and finishes all items of the block.</summary>
    internal static void Consume<TActivation, TRole, TBlocks>(TiledMemory memory, TActivation activation, long bias, int steps, int width)
        where TActivation : struct, IExpertActivation
        where TRole : struct, ITiledRole
        where TBlocks : struct, ITiledBlocks
    {
        var (stage, place) = (default(RingPlace), default(RingPlace));
        var item = TakeItem(memory, place);
        while (item.Count >= 0)
        {
            stage = Use<TActivation, TRole, TBlocks>(memory, activation, bias, item, place.Index, steps, width, stage);
            AsyncBarrier.Arrive(memory.ItemEmpty(place.Index));
            place = place.Next(TiledMemory.Items);
            item = TakeItem(memory, place);
        }
    }

    /// <summary>Waits for what the scheduler has published next.</summary>
    internal static TiledItem TakeItem(TiledMemory memory, RingPlace place)
    {
        AsyncBarrier.Wait(memory.ItemFull(place.Index), place.Phase);
        return TiledItem.Load(memory.Item(place.Index));
    }

    /// <summary>Multiplies and finishes an item, with the fewest tokens that hold its routes.</summary>
    private static RingPlace Use<TActivation, TRole, TBlocks>(
        TiledMemory memory, TActivation activation, long bias, TiledItem item, int place, int steps, int width, RingPlace stage)
        where TActivation : struct, IExpertActivation
        where TRole : struct, ITiledRole
        where TBlocks : struct, ITiledBlocks
    {
        var consumer = new TiledConsumer<TActivation, TRole, TBlocks>
        {
            Memory = memory,
            Activation = activation,
            Bias = bias,
            Width = width,
            Item = item,
            Place = place,
            Steps = steps,
        };
        if (item.Count <= 16)
        {
            return consumer.Run<Tokens16>(stage);
        }

        if (item.Count <= 32)
        {
            return consumer.Run<Tokens32>(stage);
        }

        if (item.Count <= 64)
        {
            return consumer.Run<Tokens64>(stage);
        }

        if (item.Count <= 96)
        {
            return consumer.Run<Tokens96>(stage);
        }

        if (item.Count <= 128)
        {
            return TRole.HasTokensLeft ? consumer.RunFull(stage) : consumer.Run<Tokens128>(stage);
        }

        return item.Count <= 144 ? consumer.Run<Tokens144>(stage) : consumer.Run<Tokens160>(stage);
    }
}
