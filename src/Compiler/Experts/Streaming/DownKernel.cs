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
    internal static void Run<TElement, TWeights, TTile, TSums, TTokens>(
        long h, long w2, long scales, int scaleShift, int scaleRowBytes, int scaleUnitBytes,
        long bias, long weights, long order, long tiles, long tileCount, long y, int hidden, int width)
        where TElement : struct, IElement
        where TWeights : struct, IStreamedWeights
        where TTile : struct, IStreamTile
        where TSums : struct
        where TTokens : struct, ITokenAddresses<TTokens>
    {
        EarlyStart.LetNext();
        if (Grid.IdxY >= GlobalMemory.LoadFreshInt(tileCount))
        {
            return;
        }

        var tile = RouteTile.Load(tiles, Grid.IdxY);
        var columns = 16 * TTile.RowTiles;
        var firstColumn = Grid.IdxX * columns;

        // The last block moves back to be full; what it shares with the block before, both compute alike.
        firstColumn = firstColumn + columns <= hidden ? firstColumn : hidden - columns;

        var lane = Group.IdxX & 31;
        var expertRows = (long)tile.Expert * hidden;
        var tokens = TTokens.At(
            new TokenRows
            {
                Order = order,
                Begin = tile.Begin,
                End = tile.End,
                Matrix = h + StreamProduct.TokenOffset<TWeights>(lane & 3),
                RowBytes = 2L * width,
                SlotsPerRow = 1,
                Place = lane >> 2,
            },
            0);
        var rows = WeightRows.Of<TWeights>(
            w2, new() { First = scales, Shift = scaleShift, RowBytes = scaleRowBytes, UnitBytes = scaleUnitBytes },
            expertRows + firstColumn + (lane >> 2), width, 16, 8, lane & 3);

        // Routes are there since before the first projection, which is not awaited for the first weights.
        StreamSums.Share<TSums, TTile>(StreamProduct.OfWarpWhenReady<TSums, TTokens, TElement, TWeights, TTile>(rows, tokens, width));

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
                    value += GlobalMemory.LoadFloat(weights + (4L * slot)) * TElement.Load(bias + (2 * (expertRows + firstColumn + column)));
                }

                TElement.Store(y + (2 * (((long)slot * hidden) + firstColumn + column)), value);
            }
        }
    }
}
