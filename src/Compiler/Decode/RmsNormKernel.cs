using ILGPU;

namespace Moesaic.Kernels;

/// <summary>y = x / sqrt(mean(x²) + eps) · weight, a block for each row; the sum of two rows is normed, and kept, where there are two.</summary>
/// <remarks>
/// <code>
///   x, added, sum, y  [R, D]  bf16; added and sum or none
///   weight            [D]     bf16
///
///   grid   x: rows
/// </code>
/// Rounds where RmsNorm rounds on tensors: after the sum, after the scale, after the weight. Needs D a multiple of 8.
/// </remarks>
internal static class RmsNormKernel
{
    internal const int Threads = 256;

    internal const int SharedBytes = BlockSums.Bytes;

    internal static void Run(long x, long added, long weight, long sum, long y, int width, float eps)
    {
        EarlyStart.Wait();
        var row = Grid.IdxX * 2L * width;
        var squares = 0f;
        for (var column = 8 * Group.IdxX; column < width; column += 8 * Threads)
        {
            var place = row + (2L * column);
            var bits = GlobalMemory.LoadBits4(x + place);
            if (added != 0)
            {
                bits = Sum(bits, GlobalMemory.LoadBits4(added + place));
                GlobalMemory.StoreBits4(sum + place, bits);
            }

            squares += Squares(bits.X) + Squares(bits.Y) + Squares(bits.Z) + Squares(bits.W);
        }

        var scale = 1f / MathF.Sqrt((BlockSums.Sum(squares, Threads / 32) / width) + eps);
        var normed = added != 0 ? sum : x;
        for (var column = 8 * Group.IdxX; column < width; column += 8 * Threads)
        {
            // A thread reads what it has written itself.
            var bits = GlobalMemory.LoadBits4(normed + row + (2L * column));
            var weights = GlobalMemory.LoadBits4(weight + (2L * column));
            GlobalMemory.StoreBits4(y + row + (2L * column), new()
            {
                X = Scaled(bits.X, weights.X, scale),
                Y = Scaled(bits.Y, weights.Y, scale),
                Z = Scaled(bits.Z, weights.Z, scale),
                W = Scaled(bits.W, weights.W, scale),
            });
        }
    }

    private static Bits4 Sum(Bits4 a, Bits4 b) => new() { X = Sum(a.X, b.X), Y = Sum(a.Y, b.Y), Z = Sum(a.Z, b.Z), W = Sum(a.W, b.W) };

    private static uint Sum(uint a, uint b) => BrainFloat.Pack(BrainFloat.Low(a) + BrainFloat.Low(b), BrainFloat.High(a) + BrainFloat.High(b));

    private static float Squares(uint pair) => (BrainFloat.Low(pair) * BrainFloat.Low(pair)) + (BrainFloat.High(pair) * BrainFloat.High(pair));

    private static uint Scaled(uint pair, uint weights, float scale)
    {
        var rounded = BrainFloat.Pack(BrainFloat.Low(pair) * scale, BrainFloat.High(pair) * scale);
        return BrainFloat.Pack(BrainFloat.Low(rounded) * BrainFloat.Low(weights), BrainFloat.High(rounded) * BrainFloat.High(weights));
    }
}
