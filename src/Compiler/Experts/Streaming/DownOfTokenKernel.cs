using ILGPU;

namespace Moesaic.Kernels;

/// <summary>out = Σ_k (W2 h + weight · b2) for each token, all its experts in one sum: no [R, D] in between, and nothing to combine.</summary>
/// <remarks>
/// <code>
///   h      [T K, F]   bf16, weighted
///   w2     [E, D, F]  bf16; bias [E, D] bf16 or none
///   out    [T, D]     bf16
///
///   grid   x: blocks of so many columns of out, up to 16 RowTiles    y: tokens
///   block  the warps share the K F columns of all experts, laid end to end
///          half of its weight rows are rows 0 … 7 of the tiles, the other half rows 8 … 15; where tiles have more, lanes read the last one again
/// </code>
/// Two tokens of one expert read its weights twice, so it is for one token, or few that hardly share experts.
/// Replaces EagerExperts, "output" and the sum. Needs F a multiple of 32, and D no less than a block.
/// </remarks>
internal static class DownOfTokenKernel
{
    internal static void Run<TElement, TWeights, TTile, TSums>(
        long h, long w2, long scales, int scaleShift, int scaleRowBytes, int scaleUnitBytes,
        long bias, long ids, long weights, long output, int hidden, int width, int topK, int columns)
        where TElement : struct, IElement
        where TWeights : struct, IStreamedWeights
        where TTile : struct, IStreamTile
        where TSums : struct
    {
        EarlyStart.LetNext();
        var slots = Grid.IdxY * topK;
        var firstColumn = Grid.IdxX * columns;
        firstColumn = firstColumn + columns <= hidden ? firstColumn : hidden - columns;

        var weightScales = new ScaleRows { First = scales, Shift = scaleShift, RowBytes = scaleRowBytes, UnitBytes = scaleUnitBytes };
        var units = (width + TWeights.UnitColumns - 1) / TWeights.UnitColumns;
        var warp = Group.IdxX >> 5;

        // Multiply: a warp's part of K F, expert by expert.
        var end = (warp + 1) * topK * units / TTile.Warps;
        var unit = warp * topK * units / TTile.Warps;
        TSums sums = default;
        if (unit < end)
        {
            // Routes are there since before the first projection, which is not awaited for the first weights.
            var k = unit / units;
            var (own, left) = (unit - (k * units), UnitsOfExpert(k, units, end));
            sums = StreamProduct.AddWhenReady<TSums, OneAddress, TElement, TWeights, TTile>(
                sums, Rows<TWeights>(w2, weightScales, ids, slots + k, hidden, firstColumn, columns, width), Token<TWeights>(h, slots + k, width), own, StreamProduct.ColumnsLeft<TWeights>(own, left, width));
            unit += TTile.Depth < left - own ? TTile.Depth : left - own;
        }

        EarlyStart.WaitForInput();
        while (unit < end)
        {
            var k = unit / units;
            var left = UnitsOfExpert(k, units, end);
            var rows = Rows<TWeights>(w2, weightScales, ids, slots + k, hidden, firstColumn, columns, width);
            var token = Token<TWeights>(h, slots + k, width);
            for (var own = unit - (k * units); own < left; own += TTile.Depth)
            {
                sums = StreamProduct.Add<TSums, OneAddress, TElement, TWeights, TTile>(sums, rows, token, own, StreamProduct.ColumnsLeft<TWeights>(own, left, width));
            }

            unit = (k * units) + left;
        }

        StreamSums.Share<TSums, TTile>(sums);

        // Store: all 8 tokens of the tile are the same one.
        var half = (columns + 1) / 2;
        for (var column = Group.IdxX; column < columns; column += 32 * TTile.Warps)
        {
            var isFirst = column < half;
            var place = isFirst ? column : column - (columns - half);
            var value = StreamSums.Take<TTile>(place >> 3, (place & 7) + (isFirst ? 0 : 8), 0);
            if (bias != 0)
            {
                for (var k = 0; k < topK; k++)
                {
                    var expert = GlobalMemory.LoadInt(ids + (4L * (slots + k)));
                    value += GlobalMemory.LoadFloat(weights + (4L * (slots + k)))
                        * TElement.Load(bias + (2 * (((long)expert * hidden) + firstColumn + column)));
                }
            }

            TElement.Store(output + (2 * (((long)Grid.IdxY * hidden) + firstColumn + column)), value);
        }
    }

    /// <summary>Where the warp's part of an expert ends, in units of it.</summary>
    private static int UnitsOfExpert(int k, int units, int end) => ((k + 1) * units < end ? (k + 1) * units : end) - (k * units);

    private static WeightRows Rows<TWeights>(long w2, ScaleRows scales, long ids, int slot, int hidden, int firstColumn, int columns, int width)
        where TWeights : struct, IStreamedWeights
    {
        // Halves of an odd number share a row.
        var (expert, lane, half) = (GlobalMemory.LoadFreshInt(ids + (4L * slot)), Group.IdxX & 31, (columns + 1) / 2);
        var (first, second) = (Math.Min(lane >> 2, half - 1), Math.Min((lane >> 2) + 8, half - 1));
        return WeightRows.Of<TWeights>(w2, scales, ((long)expert * hidden) + firstColumn + first, width, second - first, columns - half, lane & 3);
    }

    private static OneAddress Token<TWeights>(long h, int slot, int width)
        where TWeights : struct, IStreamedWeights =>
        new() { Address = h + (slot * 2L * width) + StreamProduct.TokenOffset<TWeights>(Group.IdxX & 3) };
}
