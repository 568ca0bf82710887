using ILGPU;

namespace Moesaic.Kernels;

/// <summary>Either product of a layer for many routes an expert, or a few: wgmma fed by the copy engine, one block a multiprocessor.</summary>
/// <remarks>
/// <code>
///   gate up   h[r] = weight · activation(W13_gate x + b_gate, W13_up x + b_up)     tokens x [T, D], gathered
///   down      y[slot] = W2 h + weight · b2                                         tokens h [R, F], sorted by expert; y [R, D]
///
///   an item   256 weight rows (128 of the gate and 128 of the up projection, or 256 of what has no gate)
///             times up to Tokens routes of one expert, over all columns
///   block     warpgroup 0 copies, 64 columns a stage: weights by the copy engine, tokens by its threads, row by row
///             warpgroups 1 and 2 multiply: 64 rows of either half each, so that a thread holds gate and up of the same column
/// </code>
/// Replaces EagerExperts, "w13Rows" to "output". Needs D and F multiples of 8 and results no narrower than an item.
/// </remarks>
internal static class TiledKernel
{
    internal const int Threads = 3 * Warpgroup.Threads;

    /// <summary>Columns of the result in an item.</summary>
    internal static int BlockColumns(bool isGated) => isGated ? 128 : 256;

    internal static void Run<TActivation, TRole, TShape>(
        long tensorMap, TActivation activation, long tensorMapTokens, long tokens, long bias, long weights, long order, long tiles, long tileCount, long output,
        int columns, int width, int topK, int group)
        where TActivation : struct, IExpertActivation
        where TRole : struct, ITiledRole
        where TShape : struct, ITiledShape
    {
        var memory = new TiledMemory<TShape> { Start = BlockMemory.Start() };
        if (Group.IdxX == 0)
        {
            for (var stage = 0; stage < TShape.Stages; stage++)
            {
                AsyncBarrier.Initialize(memory.Full(stage), TRole.IsDown && TShape.BoxedTokens ? 1 : Warpgroup.Threads + 1);
                AsyncBarrier.Initialize(memory.Empty(stage), 2);
            }

            AsyncBarrier.Publish();
        }

        Group.Barrier();
        EarlyStart.Wait();
        var isGated = !TRole.IsDown && TActivation.IsGated;
        var blockColumns = isGated ? 128 : 256;
        var columnBlocks = (width + blockColumns - 1) / blockColumns;
        var count = GlobalMemory.LoadInt(tileCount);
        var items = count * columnBlocks;
        var steps = (columns + TiledProduct.StepColumns - 1) / TiledProduct.StepColumns;
        if (Group.IdxX < Warpgroup.Threads)
        {
            Warpgroup.TakeFewRegisters();
            var filled = 0;
            var walk = TiledWalk.Start(tiles, count, group);
            for (var index = Grid.IdxX; index < items && TShape.Feed; index += Grid.DimX)
            {
                walk = walk.To(tiles, index, columnBlocks, group);
                var item = TiledItem.Load(tiles, walk, index, blockColumns, width);
                var row = (item.Expert * (isGated ? 2 : 1) * width) + item.Column;
                filled = Fill<TRole, TShape>(memory, tensorMap, tensorMapTokens, tokens, order, item, row, isGated ? width : 128, columns, steps, topK, filled);
            }
        }
        else
        {
            Warpgroup.TakeManyRegisters();
            var used = 0;
            var walk = TiledWalk.Start(tiles, count, group);
            for (var index = Grid.IdxX; index < items; index += Grid.DimX)
            {
                walk = walk.To(tiles, index, columnBlocks, group);
                var item = TiledItem.Load(tiles, walk, index, blockColumns, width);
                used = Use<TActivation, TRole, TShape>(memory, activation, bias, weights, order, output, item, steps, width, used);
            }
        }
    }

    /// <summary>Copies all columns of an item, and returns how many stages were filled in all.</summary>
    private static int Fill<TRole, TShape>(
        TiledMemory<TShape> memory, long tensorMap, long tensorMapTokens, long tokens, long order, TiledItem item, int row, int secondHalf, int columns, int steps, int topK, int filled)
        where TRole : struct, ITiledRole
        where TShape : struct, ITiledShape
    {
        var thread = Group.IdxX;
        if (TRole.IsDown && TShape.BoxedTokens)
        {
            if (thread == 0)
            {
                var boxes = (item.Count + 15) >> 4;
                var stageBytes = TiledMemory<TShape>.WeightBytes + (boxes * 16 * TiledProduct.RowBytes);
                for (var step = 0; step < steps; step++, filled++)
                {
                    var stage = filled % TShape.Stages;
                    AsyncBarrier.Wait(memory.Empty(stage), ((filled / TShape.Stages) & 1) ^ 1);
                    AsyncBarrier.ArriveAndExpect(memory.Full(stage), stageBytes);
                    TensorCopy.Box(memory.Stage(stage), tensorMap, memory.Full(stage), step * TiledProduct.StepColumns, row);
                    TensorCopy.Box(memory.Stage(stage) + (128 * TiledProduct.RowBytes), tensorMap, memory.Full(stage), step * TiledProduct.StepColumns, row + secondHalf);
                    for (var box = 0; box < boxes; box++)
                    {
                        TensorCopy.Box(memory.Tokens(stage) + (uint)(box * 16 * TiledProduct.RowBytes), tensorMapTokens, memory.Full(stage), step * TiledProduct.StepColumns, item.Begin + (16 * box));
                    }
                }
            }

            return filled;
        }

        if (!TRole.IsDown)
        {
            Warpgroup.Barrier(3);
            if (thread < item.Count)
            {
                BlockMemory.StoreInt(memory.Rows() + (uint)(4 * thread), GlobalMemory.LoadInt(order + (4L * (item.Begin + thread))) / topK);
            }

            Warpgroup.Barrier(3);
        }

        // Eight threads a row, 16 bytes each.
        var piece = thread & 7;
        var firstRow = thread >> 3;
        var place = (uint)((firstRow * TiledProduct.RowBytes) + ((piece ^ (firstRow & 7)) << 4));
        var rowBytes = 2L * columns;
        for (var step = 0; step < steps; step++, filled++)
        {
            var stage = filled % TShape.Stages;
            AsyncBarrier.Wait(memory.Empty(stage), ((filled / TShape.Stages) & 1) ^ 1);
            if (thread == 0)
            {
                AsyncBarrier.ArriveAndExpect(memory.Full(stage), TiledMemory<TShape>.WeightBytes);
                TensorCopy.Box(memory.Stage(stage), tensorMap, memory.Full(stage), step * TiledProduct.StepColumns, row);
                TensorCopy.Box(memory.Stage(stage) + (128 * TiledProduct.RowBytes), tensorMap, memory.Full(stage), step * TiledProduct.StepColumns, row + secondHalf);
            }

            var column = (step * TiledProduct.StepColumns) + (piece * 8);
            var inside = column < columns;
            var address = tokens + (inside ? 2L * column : 0L);
            var bytes = inside ? 16 : 0;
            var to = memory.Tokens(stage) + place;
            for (var token = firstRow; token < item.Count; token += 16, to += 16 * TiledProduct.RowBytes)
            {
                var from = TRole.IsDown ? item.Begin + token : BlockMemory.LoadInt(memory.Rows() + (uint)(4 * token));
                RowCopy.Copy(to, address + (from * rowBytes), bytes);
            }

            AsyncBarrier.ArriveAfterCopies(memory.Full(stage));
        }

        return filled;
    }

    /// <summary>Multiplies and finishes an item, with the fewest tokens that hold its routes.</summary>
    private static int Use<TActivation, TRole, TShape>(
        TiledMemory<TShape> memory, TActivation activation, long bias, long weights, long order, long output, TiledItem item, int steps, int width, int used)
        where TActivation : struct, IExpertActivation
        where TRole : struct, ITiledRole
        where TShape : struct, ITiledShape
    {
        var consumer = new TiledConsumer<TActivation, TRole, TShape>
        {
            Memory = memory,
            Activation = activation,
            Bias = bias,
            Weights = weights,
            Order = order,
            Output = output,
            Width = width,
            Item = item,
            Steps = steps,
        };
        if (item.Count <= 16)
        {
            return consumer.Run<Tokens16>(used);
        }

        if (item.Count <= 32 || TShape.Tokens == 32)
        {
            return consumer.Run<Tokens32>(used);
        }

        if (item.Count <= 48)
        {
            return consumer.Run<Tokens48>(used);
        }

        if (item.Count <= 64 || TShape.Tokens == 64)
        {
            return consumer.Run<Tokens64>(used);
        }

        if (item.Count <= 80)
        {
            return consumer.Run<Tokens80>(used);
        }

        if (item.Count <= 96)
        {
            return consumer.Run<Tokens96>(used);
        }

        return item.Count <= 112 ? consumer.Run<Tokens112>(used) : consumer.RunRows<Tokens128>(used);
    }
}
