using ILGPU;

namespace Moesaic.Kernels;

/// <summary>Three warps of <see cref="TiledKernel"/> that copy: weights by the copy engine, tokens row by row, or by the engine too.</summary>
internal struct TiledProducer<TRole>
    where TRole : struct, ITiledRole
{
    internal const int Threads = 96;

    // Eight threads a row, 16 bytes each.
    private const int RowsAtOnce = Threads / 8;

    internal TiledMemory Memory;
    internal long WeightMap;
    internal long TokenMap;
    internal long Tokens;

    /// <summary>Weight rows of an expert.</summary>
    internal int ExpertRows;

    /// <summary>Rows from the first 128 weight rows of an item to the other 128.</summary>
    internal int SecondHalf;

    internal int Columns;
    internal int Steps;

    internal readonly void Run()
    {
        var filled = 0;
        var taken = 0;
        var item = TiledKernel.TakeItem(Memory, taken);
        while (item.Count >= 0)
        {
            var place = taken % TiledMemory.Items;
            var weightRow = (item.Expert * ExpertRows) + item.Column;
            if (!TRole.IsDown)
            {
                FillRows(item, place, weightRow, filled);
            }
            else if (Group.IdxX == 0)
            {
                FillBoxes(item, weightRow, filled);
            }

            filled += Steps;
            AsyncBarrier.Arrive(Memory.ItemEmpty(place));
            taken++;
            item = TiledKernel.TakeItem(Memory, taken);
        }
    }

    /// <summary>Weights, and tokens from wherever they lie.</summary>
    private readonly void FillRows(TiledItem item, int place, int weightRow, int filled)
    {
        var piece = Group.IdxX & 7;
        var firstRow = Group.IdxX >> 3;
        var rowBytes = 2L * Columns;
        for (var step = 0; step < Steps; step++)
        {
            var stage = WaitForEmpty(filled + step);
            if (Group.IdxX == 0)
            {
                AsyncBarrier.ArriveAndExpect(Memory.Full(stage), TiledMemory.WeightBytes);
                CopyWeights(weightRow, step, stage);
            }

            var column = (step * TiledProduct.StepColumns) + (piece * 8);
            var inside = column < Columns;
            var address = Tokens + (inside ? 2L * column : 0L);
            var bytes = inside ? 16 : 0;
            for (var token = firstRow; token < item.Count; token += RowsAtOnce)
            {
                var to = Memory.Tokens(stage) + (uint)((token * TiledProduct.RowBytes) + ((piece ^ (token & 7)) << 4));
                RowCopy.Copy(to, address + (BlockMemory.LoadInt(Memory.Rows(place) + (uint)(4 * token)) * rowBytes), bytes);
            }

            AsyncBarrier.ArriveAfterCopies(Memory.Full(stage));
        }
    }

    /// <summary>Weights, and tokens that lie one after the other.</summary>
    private readonly void FillBoxes(TiledItem item, int weightRow, int filled)
    {
        var boxes = (item.Count + TiledKernel.TokenBoxRows - 1) / TiledKernel.TokenBoxRows;
        var bytes = TiledMemory.WeightBytes + (boxes * TiledKernel.TokenBoxRows * TiledProduct.RowBytes);
        for (var step = 0; step < Steps; step++)
        {
            var stage = WaitForEmpty(filled + step);
            AsyncBarrier.ArriveAndExpect(Memory.Full(stage), bytes);
            CopyWeights(weightRow, step, stage);
            for (var box = 0; box < boxes; box++)
            {
                TensorCopy.Box(
                    Memory.Tokens(stage) + (uint)(box * TiledKernel.TokenBoxRows * TiledProduct.RowBytes), TokenMap, Memory.Full(stage),
                    step * TiledProduct.StepColumns, item.Begin + (box * TiledKernel.TokenBoxRows));
            }
        }
    }

    /// <summary>256 weight rows.</summary>
    private readonly void CopyWeights(int row, int step, int stage)
    {
        var column = step * TiledProduct.StepColumns;
        TensorCopy.Box(Memory.Stage(stage), WeightMap, Memory.Full(stage), column, row);
        TensorCopy.Box(Memory.Stage(stage) + (128 * TiledProduct.RowBytes), WeightMap, Memory.Full(stage), column, row + SecondHalf);
    }

    private readonly int WaitForEmpty(int filled)
    {
        var stage = filled % TiledMemory.Stages;
        AsyncBarrier.Wait(Memory.Empty(stage), ((filled / TiledMemory.Stages) & 1) ^ 1);
        return stage;
    }
}
