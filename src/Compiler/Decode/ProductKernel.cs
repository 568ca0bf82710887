using ILGPU;

namespace Moesaic.Kernels;

/// <summary>y = x Wᵀ + b for few rows of x and up to three weights, each weight read once: what Linear does on tensors.</summary>
/// <remarks>
/// <code>
///   x      [R, K]  bf16
///   w      [N, K]  bf16; bias [N] bf16 or none
///   y      [R, N]  bf16, its rows so many elements apart
///
///   grid   x: blocks of 16 RowTiles columns of y, those of the first weight, then of the second, then of the third    y: tiles of rows
///   block  the warps share K; their sums meet in shared memory
/// </code>
/// Before what x depends on is done, the first weights are on their way to registers and all to the second-level cache. Needs K a multiple of 32, and N no less than a block.
/// </remarks>
internal static class ProductKernel
{
    internal static void Run<TTile, TSums, TTokens>(
        long x, int rows, int depth, int stride,
        long w0, long bias0, long y0, int columns0, long w1, long bias1, long y1, int columns1, long w2, long bias2, long y2, int columns2)
        where TTile : struct, IStreamTile
        where TSums : struct
        where TTokens : struct, ITokenAddresses<TTokens>
    {
        // Which weight, and which of its blocks.
        var block = 16 * TTile.RowTiles;
        var (weight, bias, y, columns, index) = (w0, bias0, y0, columns0, Grid.IdxX);
        var blocks = (columns + block - 1) / block;
        if (index >= blocks)
        {
            (weight, bias, y, columns, index) = (w1, bias1, y1, columns1, index - blocks);
            blocks = (columns + block - 1) / block;
            if (index >= blocks)
            {
                (weight, bias, y, columns, index) = (w2, bias2, y2, columns2, index - blocks);
            }
        }

        // The last block moves back to be full; what it shares with the block before, both compute alike.
        var firstColumn = index * block;
        firstColumn = firstColumn + block <= columns ? firstColumn : columns - block;
        var rowBytes = 2L * depth;
        Prefetch<TTile>(weight + (firstColumn * rowBytes), block * rowBytes);
        EarlyStart.LetNext();

        var lane = Group.IdxX & 31;
        var firstRow = Grid.IdxY * 8 * TTile.TokenTiles;
        var tokens = TTokens.At(
            new TokenRows
            {
                Order = 0,
                Begin = firstRow,
                End = rows,
                Matrix = x + StreamProduct.TokenOffset<PlainWeights>(lane & 3),
                RowBytes = rowBytes,
                SlotsPerRow = 1,
                Place = lane >> 2,
            },
            0);
        var weights = WeightRows.Of<PlainWeights>(weight, default, firstColumn + (lane >> 2), depth, 16, 8, lane & 3);

        StreamSums.Share<TSums, TTile>(StreamProduct.OfWarpWhenReady<TSums, TTokens, BrainFloats, PlainWeights, TTile>(weights, tokens, depth));

        // Store.
        for (var item = Group.IdxX; item < block * 8 * TTile.TokenTiles; item += 32 * TTile.Warps)
        {
            var (column, row) = (item % block, item / block);
            if (firstRow + row < rows)
            {
                var value = StreamSums.Take<TTile>(column >> 4, column & 15, row);
                value += bias == 0 ? 0f : GlobalMemory.LoadBrainFloat(bias + (2L * (firstColumn + column)));
                GlobalMemory.StoreBrainFloat(y + (2L * (((long)(firstRow + row) * stride) + firstColumn + column)), value);
            }
        }
    }

    /// <summary>Only the blocks of the first rows ask: all others read the same weights.</summary>
    private static void Prefetch<TTile>(long address, long bytes)
        where TTile : struct, IStreamTile
    {
        const int line = 128;
        if (Grid.IdxY == 0)
        {
            for (var offset = (long)line * Group.IdxX; offset < bytes; offset += line * 32L * TTile.Warps)
            {
                GlobalMemory.Prefetch(address + offset);
            }
        }
    }
}
