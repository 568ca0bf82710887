using ILGPU;

namespace Moesaic.Kernels;

/// <summary>h = weight · activation(W13_gate x + b_gate, W13_up x + b_up) for each route, few routes an expert.</summary>
/// <remarks>
/// <code>
///   x      [T, D]     bf16
///   w13    [E, 2F, D] bf16, gate rows, then up rows; bias [E, 2F] bf16 or none
///   h      [R, F]     bf16, in the order of slots t K + k
///
///   a tile of 16 rows:   0 … 7   gate rows f … f + 7     so that one lane holds gate and up of the same f
///                        8 … 15  up rows   f … f + 7     and the activation needs no exchange
///
///   without a gate, w13 is [E, F, D] and a tile has 16 rows of it
///
///   grid   x: blocks of 8 RowTiles columns of h (16 without a gate)    y: tiles of routes, no tile spans two experts
///   block  the warps share D; their sums meet in shared memory
/// </code>
/// Without tiles and order each route is a tile of its own, in the order of slots: what one token needs, and no sorting.
/// Replaces EagerExperts, "w13Rows" and "hidden". Needs D a multiple of 32, and F no less than a block.
/// </remarks>
internal static class GateUpKernel
{
    internal static void Run<TActivation, TElement, TWeights, TTile, TSums, TTokens>(
        TActivation activation, long x, long w13, long scales, int scaleShift, int scaleRowBytes, int scaleUnitBytes,
        long bias, long ids, long weights, long order, long tiles, long tileCount, long h, int hidden, int width, int topK)
        where TActivation : struct, IExpertActivation
        where TElement : struct, IElement
        where TWeights : struct, IStreamedWeights
        where TTile : struct, IStreamTile
        where TSums : struct
        where TTokens : struct, ITokenAddresses<TTokens>
    {
        EarlyStart.WaitThenLetNext();
        if (tiles != 0 && Grid.IdxY >= GlobalMemory.LoadInt(tileCount))
        {
            return;
        }

        var tile = tiles == 0 ? RouteTile.OfRoute(ids, Grid.IdxY) : RouteTile.Load(tiles, Grid.IdxY);
        var columnsOfTile = TActivation.IsGated ? 8 : 16;
        var columns = columnsOfTile * TTile.RowTiles;
        var firstColumn = Grid.IdxX * columns;

        // The last block moves back to be full; what it shares with the block before, both compute alike.
        firstColumn = firstColumn + columns <= width ? firstColumn : width - columns;

        var lane = Group.IdxX & 31;
        var expertRows = (long)tile.Expert * (TActivation.IsGated ? 2 : 1) * width;
        var tokens = TTokens.At(
            new TokenRows
            {
                Order = order,
                Begin = tile.Begin,
                End = tile.End,
                Matrix = x + StreamProduct.TokenOffset<TWeights>(lane & 3),
                RowBytes = 2L * hidden,
                SlotsPerRow = topK,
                Place = lane >> 2,
            },
            0);
        var rows = WeightRows.Of<TWeights>(
            w13, new() { First = scales, Shift = scaleShift, RowBytes = scaleRowBytes, UnitBytes = scaleUnitBytes },
            expertRows + firstColumn + (lane >> 2), hidden, columnsOfTile, TActivation.IsGated ? width : 8, lane & 3);

        StreamSums.Share<TSums, TTile>(StreamProduct.OfWarp<TSums, TTokens, TElement, TWeights, TTile>(rows, tokens, hidden));

        // Activate and store.
        for (var item = Group.IdxX; item < columns * 8 * TTile.TokenTiles; item += 32 * TTile.Warps)
        {
            var (column, token) = (item % columns, item / columns);
            if (tile.Begin + token < tile.End)
            {
                var (rowTile, row) = (column / columnsOfTile, column % columnsOfTile);
                var gate = StreamSums.Take<TTile>(rowTile, row, token);
                var up = TActivation.IsGated ? StreamSums.Take<TTile>(rowTile, row + 8, token) : 0f;
                if (bias != 0)
                {
                    gate += TElement.Load(bias + (2 * (expertRows + firstColumn + column)));
                    if (TActivation.IsGated)
                    {
                        up += TElement.Load(bias + (2 * (expertRows + width + firstColumn + column)));
                    }
                }

                var slot = order == 0 ? tile.Begin + token : GlobalMemory.LoadInt(order + (4L * (tile.Begin + token)));
                var value = activation.Apply(gate, up) * GlobalMemory.LoadFloat(weights + (4L * slot));
                TElement.Store(h + (2 * (((long)slot * width) + firstColumn + column)), value);
            }
        }
    }
}
