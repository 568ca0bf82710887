using ILGPU;

namespace Moesaic.Kernels;

/// <summary>y = W2 h + weight · b2 for each route, few routes an expert. Weights of routes are in h already.</summary>
/// <remarks>
/// <code>
///   h      [R, F]     bf16, in the order of slots t K + k
///   w2     [E, D, F]  bf16; bias [E, D] bf16 or none
///   y      [R, D]     bf16, in the order of slots
///
///   grid   x: blocks of 16 RowTiles columns of y    y: tiles of routes, no tile spans two experts
///   block  the warps share F; their sums meet in shared memory
/// </code>
/// Replaces EagerExperts, "output". Needs F a multiple of 32, and D no less than a block.
/// </remarks>
internal static class DownKernel
{
    internal static void Run<TTile, TSums, TTokens>(
        long h, long w2, long bias, long weights, long order, long tiles, long tileCount, long y, int hidden, int width)
        where TTile : struct, IStreamTile
        where TSums : struct
        where TTokens : struct, ITokenAddresses<TTokens>
    {
        EarlyStart.Wait();
        if (Grid.IdxY >= GlobalMemory.LoadInt(tileCount))
        {
            return;
        }

        var tile = RouteTile.Load(tiles, Grid.IdxY);
        var columns = 16 * TTile.RowTiles;
        var firstColumn = Grid.IdxX * columns;

        // The last block moves back to be full; what it shares with the block before, both compute alike.
        firstColumn = firstColumn + columns <= hidden ? firstColumn : hidden - columns;

        var lane = Group.IdxX & 31;
        var laneOffset = (lane & 3) * 16L;
        var rowBytes = 2L * width;
        var expertRows = (long)tile.Expert * hidden;
        var tokens = TTokens.At(
            new TokenRows
            {
                Order = order,
                Begin = tile.Begin,
                End = tile.End,
                Matrix = h + laneOffset,
                RowBytes = rowBytes,
                SlotsPerRow = 1,
                Place = lane >> 2,
            },
            0);
        var first = w2 + ((expertRows + firstColumn + (lane >> 2)) * rowBytes) + laneOffset;

        // Multiply: a warp's part of F.
        var steps = width / StreamProduct.StepColumns;
        var warp = Group.IdxX >> 5;
        var end = (warp + 1) * steps / TTile.Warps;
        TSums sums = default;
        for (var step = warp * steps / TTile.Warps; step < end; step += TTile.Depth)
        {
            sums = StreamProduct.Step<TSums, TTokens, TTile>(
                sums, first, 16 * rowBytes, 8 * rowBytes, tokens, (long)step * StreamProduct.StepBytes, end - step);
        }

        StreamSums.Share<TSums, TTile>(sums);

        // Store.
        for (var item = Group.IdxX; item < columns * 8 * TTile.TokenTiles; item += 32 * TTile.Warps)
        {
            var (column, token) = (item % columns, item / columns);
            if (tile.Begin + token < tile.End)
            {
                var slot = GlobalMemory.LoadInt(order + (4L * (tile.Begin + token)));
                var value = StreamSums.Take<TTile>(column >> 4, column & 15, token);
                if (bias != 0)
                {
                    value += GlobalMemory.LoadFloat(weights + (4L * slot)) * GlobalMemory.LoadBrainFloat(bias + (2 * (expertRows + firstColumn + column)));
                }

                GlobalMemory.StoreBrainFloat(y + (2 * (((long)slot * hidden) + firstColumn + column)), value);
            }
        }
    }
}
