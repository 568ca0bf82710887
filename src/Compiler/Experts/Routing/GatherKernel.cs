using ILGPU;

namespace Moesaic.Kernels;

/// <summary>Tokens in the order of experts, once for each of their routes: what the copy engine can take in boxes.</summary>
/// <remarks>
/// <code>
///   x       [T, D] bf16
///   order   [R] int32, slots t K + k sorted by expert
///   rows    [R, D] bf16
///
///   grid    x: blocks of Rows routes    y: blocks of 8 Threads columns
/// </code>
/// Copied row by row inside <see cref="TiledKernel"/>, by its threads or one box a row, tokens arrive later than the tensor cores
/// want them; this launch costs less. Needs D a multiple of 8.
/// </remarks>
internal static class GatherKernel
{
    internal const int Threads = 128;

    /// <summary>Routes of a block.</summary>
    internal const int Rows = 8;

    // Loads that are under way together.
    private const int AtOnce = 4;

    internal static void Run(long x, long order, long rows, int routes, int hidden, int topK)
    {
        EarlyStart.WaitThenLetNext();
        var column = 8 * ((Grid.IdxY * Threads) + Group.IdxX);
        if (column >= hidden)
        {
            return;
        }

        var rowBytes = 2L * hidden;
        var (from, to) = (x + (2L * column), rows + (2L * column));
        var last = routes - 1;
        for (var (row, end) = (Grid.IdxX * Rows, (Grid.IdxX + 1) * Rows); row < end && row < routes; row += AtOnce)
        {
            // Past the end, the last one again.
            var (second, third, fourth) = (Math.Min(row + 1, last), Math.Min(row + 2, last), Math.Min(row + 3, last));
            var a = Load(from, order, row, topK, rowBytes);
            var b = Load(from, order, second, topK, rowBytes);
            var c = Load(from, order, third, topK, rowBytes);
            var d = Load(from, order, fourth, topK, rowBytes);
            GlobalMemory.StoreBits4(to + (row * rowBytes), a);
            GlobalMemory.StoreBits4(to + (second * rowBytes), b);
            GlobalMemory.StoreBits4(to + (third * rowBytes), c);
            GlobalMemory.StoreBits4(to + (fourth * rowBytes), d);
        }
    }

    private static Bits4 Load(long from, long order, int row, int topK, long rowBytes) =>
        GlobalMemory.LoadBits4(from + ((GlobalMemory.LoadInt(order + (4L * row)) / topK) * rowBytes));
}
