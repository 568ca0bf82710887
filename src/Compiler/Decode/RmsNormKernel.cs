using ILGPU;

namespace Moesaic.Kernels;

/// <summary>y = x / sqrt(mean(x²) + eps) · weight, a block for each row.</summary>
/// <remarks>
/// <code>
///   x, y    [R, D]  bf16
///   weight  [D]     bf16
///
///   grid    x: rows
/// </code>
/// Rounds where RmsNorm rounds on tensors: after the scale, and after the weight. Needs D a multiple of 8.
/// </remarks>
internal static class RmsNormKernel
{
    internal const int Threads = 256;

    internal const int SharedBytes = BlockSums.Bytes;

    internal static void Run(long x, long weight, long y, int width, float eps)
    {
        EarlyStart.Wait();
        var row = Grid.IdxX * 2L * width;
        var squares = 0f;
        for (var column = 8 * Group.IdxX; column < width; column += 8 * Threads)
        {
            squares += Piece.Of(GlobalMemory.LoadBits4(x + row + (2L * column))).Squares;
        }

        var scale = 1f / MathF.Sqrt((BlockSums.Sum(squares, Threads / 32) / width) + eps);
        for (var column = 8 * Group.IdxX; column < width; column += 8 * Threads)
        {
            var place = row + (2L * column);
            var normed = Piece.Of(GlobalMemory.LoadBits4(x + place)).Times(scale).Rounded;
            GlobalMemory.StoreBits4(y + place, normed.Times(Piece.Of(GlobalMemory.LoadBits4(weight + (2L * column)))).Packed);
        }
    }
}
