using ILGPU;

namespace Moesaic.Kernels;

/// <summary>out = Σ_k y: the K rows of each token, which are weighted already, added in the order of k.</summary>
/// <remarks>
/// <code>
///   y      [T, K, D]  bf16 or f16
///   out    [T, D]     the same, summed in float32 and rounded once
///
///   grid   x: blocks of 8 Threads columns    y: tokens
/// </code>
/// Replaces EagerExperts, "index_add_". Needs D a multiple of 8.
/// </remarks>
internal static class CombineKernel
{
    internal const int Threads = 128;

    internal static void Run<TElement>(long y, long output, int hidden, int topK)
        where TElement : struct, IElement
    {
        EarlyStart.Wait();
        var column = 8 * ((Grid.IdxX * Threads) + Group.IdxX);
        if (column >= hidden)
        {
            return;
        }

        var rowBytes = 2L * hidden;
        var address = y + (Grid.IdxY * topK * rowBytes) + (2L * column);
        var (a, b, c, d) = (default(Pair<TElement>), default(Pair<TElement>), default(Pair<TElement>), default(Pair<TElement>));
        for (var k = 0; k < topK; k++, address += rowBytes)
        {
            var bits = GlobalMemory.LoadBits4(address);
            a = a.Plus(bits.X);
            b = b.Plus(bits.Y);
            c = c.Plus(bits.Z);
            d = d.Plus(bits.W);
        }

        GlobalMemory.StoreBits4(
            output + (Grid.IdxY * rowBytes) + (2L * column), new() { X = a.Packed, Y = b.Packed, Z = c.Packed, W = d.Packed });
    }

    private struct Pair<TElement>
        where TElement : struct, IElement
    {
        private float _low;
        private float _high;

        internal readonly uint Packed => TElement.Pack(_low, _high);

        internal readonly Pair<TElement> Plus(uint pair) => new() { _low = _low + TElement.Low(pair), _high = _high + TElement.High(pair) };
    }
}
