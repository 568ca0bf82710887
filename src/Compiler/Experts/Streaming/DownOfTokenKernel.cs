using ILGPU;

namespace Moesaic.Kernels;

/// <summary>out = Σ_k (W2 h + weight · b2) for each token, all its experts in one sum: no [R, D] in between, and nothing to combine.</summary>
/// <remarks>
/// <code>
///   h      [T K, F]   bf16, weighted
///   w2     [E, D, F]  bf16; bias [E, D] bf16 or none
///   out    [T, D]     bf16
///
///   grid   x: blocks of 16 RowTiles columns of out    y: tokens
///   block  the warps share the K F columns of all experts, laid end to end
/// </code>
/// Two tokens of one expert read its weights twice, so it is for one token, or few that hardly share experts.
/// Replaces EagerExperts, "output" and the sum. Needs F a multiple of 32, and D no less than a block.
/// </remarks>
internal static class DownOfTokenKernel
{
    internal static void Run<TTile, TSums>(
        long h, long w2, long bias, long ids, long weights, long output, int hidden, int width, int topK)
        where TTile : struct, IStreamTile
        where TSums : struct
    {
        EarlyStart.Wait();
        var slots = Grid.IdxY * topK;
        var columns = 16 * TTile.RowTiles;
        var firstColumn = Grid.IdxX * columns;
        firstColumn = firstColumn + columns <= hidden ? firstColumn : hidden - columns;

        var lane = Group.IdxX & 31;
        var laneOffset = (lane & 3) * 16L;
        var rowBytes = 2L * width;
        var steps = width / StreamProduct.StepColumns;
        var warp = Group.IdxX >> 5;

        // Multiply: a warp's part of K F, expert by expert.
        var end = (warp + 1) * topK * steps / TTile.Warps;
        var step = warp * topK * steps / TTile.Warps;
        TSums sums = default;
        while (step < end)
        {
            var k = step / steps;
            var endOfExpert = (k + 1) * steps;
            endOfExpert = endOfExpert < end ? endOfExpert : end;
            var expert = GlobalMemory.LoadInt(ids + (4L * (slots + k)));
            var first = w2 + ((((long)expert * hidden) + firstColumn + (lane >> 2)) * rowBytes) + laneOffset;
            var token = new OneAddress { Address = h + ((slots + k) * rowBytes) + laneOffset };
            for (; step < endOfExpert; step += TTile.Depth)
            {
                sums = StreamProduct.Step<TSums, OneAddress, TTile>(
                    sums, first, 16 * rowBytes, 8 * rowBytes, token, (long)(step - (k * steps)) * StreamProduct.StepBytes, endOfExpert - step);
            }

            step = endOfExpert;
        }

        StreamSums.Share<TSums, TTile>(sums);

        // Store: all 8 tokens of the tile are the same one.
        for (var column = Group.IdxX; column < columns; column += 32 * TTile.Warps)
        {
            var value = StreamSums.Take<TTile>(column >> 4, column & 15, 0);
            if (bias != 0)
            {
                for (var k = 0; k < topK; k++)
                {
                    var expert = GlobalMemory.LoadInt(ids + (4L * (slots + k)));
                    value += GlobalMemory.LoadFloat(weights + (4L * (slots + k)))
                        * GlobalMemory.LoadBrainFloat(bias + (2 * (((long)expert * hidden) + firstColumn + column)));
                }
            }

            GlobalMemory.StoreBrainFloat(output + (2 * (((long)Grid.IdxY * hidden) + firstColumn + column)), value);
        }
    }
}
