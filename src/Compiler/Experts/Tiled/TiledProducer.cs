using ILGPU;

namespace Moesaic.Kernels;

/// <summary>The warpgroup of <see cref="TiledKernel"/> that copies.</summary>
internal struct TiledProducer<TRole, TShape>
    where TRole : struct, ITiledRole
    where TShape : struct, ITiledShape
{
    internal TiledMemory<TShape> Memory;
    internal long WeightMap;
    internal long TokenMap;
    internal long Tokens;
    internal long Order;

    /// <summary>Of the block in its cluster.</summary>
    internal int Rank;

    /// <summary>Rows from the first 128 weight rows to the other 128.</summary>
    internal int SecondHalf;

    internal int Columns;
    internal int Steps;
    internal int TopK;

    private static int Thread => Group.IdxX;

    /// <summary>Copies all columns of an item, and returns how many stages were filled in all.</summary>
    internal readonly int Fill(TiledItem item, int weightRow, int filled)
    {
        if (TRole.IsDown)
        {
            if (Thread == 0)
            {
                for (var step = 0; step < Steps; step++)
                {
                    FillBoxes(item, weightRow, step, filled + step);
                }
            }

            return filled + Steps;
        }

        // What the item before this one left there has been read by all.
        Warpgroup.Barrier(3);
        if (Thread < item.Count)
        {
            BlockMemory.StoreInt(Memory.Rows() + (uint)(4 * Thread), GlobalMemory.LoadInt(Order + (4L * (item.Begin + Thread))) / TopK);
        }

        Warpgroup.Barrier(3);

        // Eight threads a row, 16 bytes each.
        var piece = Thread & 7;
        var firstRow = Thread >> 3;
        var place = (uint)((firstRow * TiledProduct.RowBytes) + ((piece ^ (firstRow & 7)) << 4));
        var rowBytes = 2L * Columns;
        for (var step = 0; step < Steps; step++, filled++)
        {
            var stage = WaitForEmpty(filled);
            if (Thread == 0)
            {
                AsyncBarrier.ArriveAndExpect(Memory.Full(stage), TiledMemory<TShape>.WeightBytes);
                CopyWeights(weightRow, step, stage);
            }

            var column = (step * TiledProduct.StepColumns) + (piece * 8);
            var inside = column < Columns;
            var address = Tokens + (inside ? 2L * column : 0L);
            var bytes = inside ? 16 : 0;
            var to = Memory.Tokens(stage) + place;
            for (var token = firstRow; token < item.Count; token += 16, to += 16 * TiledProduct.RowBytes)
            {
                RowCopy.Copy(to, address + (BlockMemory.LoadInt(Memory.Rows() + (uint)(4 * token)) * rowBytes), bytes);
            }

            AsyncBarrier.ArriveAfterCopies(Memory.Full(stage));
        }

        return filled;
    }

    /// <summary>Weights and tokens by the copy engine: tokens lie one after the other here.</summary>
    private readonly void FillBoxes(TiledItem item, int weightRow, int step, int filled)
    {
        var stage = WaitForEmpty(filled);
        var boxes = (item.Count + TiledKernel.TokenBoxRows - 1) / TiledKernel.TokenBoxRows;
        AsyncBarrier.ArriveAndExpect(Memory.Full(stage), TiledMemory<TShape>.WeightBytes + (boxes * TiledKernel.TokenBoxRows * TiledProduct.RowBytes));
        CopyWeights(weightRow, step, stage);
        for (var box = 0; box < boxes; box++)
        {
            TensorCopy.Box(
                Memory.Tokens(stage) + (uint)(box * TiledKernel.TokenBoxRows * TiledProduct.RowBytes), TokenMap, Memory.Full(stage),
                step * TiledProduct.StepColumns, item.Begin + (box * TiledKernel.TokenBoxRows));
        }
    }

    /// <summary>256 weight rows: each block of a cluster copies its half to both.</summary>
    private readonly void CopyWeights(int row, int step, int stage)
    {
        var column = step * TiledProduct.StepColumns;
        if (TShape.Cluster > 1)
        {
            TensorCopy.BoxToBoth(
                Memory.Stage(stage) + (uint)(Rank * 128 * TiledProduct.RowBytes), WeightMap, Memory.Full(stage), column, row + (Rank * SecondHalf));
            return;
        }

        TensorCopy.Box(Memory.Stage(stage), WeightMap, Memory.Full(stage), column, row);
        TensorCopy.Box(Memory.Stage(stage) + (128 * TiledProduct.RowBytes), WeightMap, Memory.Full(stage), column, row + SecondHalf);
    }

    private readonly int WaitForEmpty(int filled)
    {
        var stage = filled % TShape.Stages;
        AsyncBarrier.Wait(Memory.Empty(stage), ((filled / TShape.Stages) & 1) ^ 1);
        return stage;
    }
}
