using ILGPU;

namespace Moesaic.Kernels;

/// <summary>The sums of heads over parts of the positions, added up in the order of the parts.</summary>
/// <remarks>
/// <code>
///   part     [8, d] float32   sums of weighted values; then the largest score of each head, then its sum of weights
///   facts    shared           of each part and head: the largest score, then what the part counts by; then the sum of weights
/// </code>
/// A part counts by exp(its largest score - the largest of all), and by nothing where it saw nothing.
/// </remarks>
internal static class DecodeParts
{
    internal const int Heads = 8;

    internal const int Most = 64;

    /// <summary>Numbers of a part in device memory.</summary>
    internal static int Floats(int width) => Heads * (width + 2);

    /// <summary>Numbers of shared memory: of each part and head two, of each head one.</summary>
    internal static int Facts(int parts) => Heads * ((2 * parts) + 1);

    /// <summary>Facts of parts in device memory, which other blocks have written.</summary>
    internal static void LoadFacts(ArrayView<float> facts, long parts, int width, int count)
    {
        for (var i = Group.IdxX; i < count * Heads; i += Group.DimX)
        {
            var part = parts + (4L * (((i / Heads) * Floats(width)) + (Heads * width) + (i % Heads)));
            facts[i] = GlobalMemory.LoadFloatOfOthers(part);
            facts[(count * Heads) + i] = GlobalMemory.LoadFloatOfOthers(part + (4L * Heads));
        }

        Group.Barrier();
    }

    /// <summary>Largest scores become factors, and each head gets its sum of weights. All threads call it; a warp takes some of the heads.</summary>
    internal static void Weigh(ArrayView<float> facts, int count, int warps)
    {
        var (lane, warp) = (Group.IdxX & 31, Group.IdxX >> 5);
        for (var head = warp; head < Heads; head += warps)
        {
            var (first, second) = ((lane * Heads) + head, ((lane + 32) * Heads) + head);
            var a = lane < count ? facts[first] : float.NegativeInfinity;
            var b = lane + 32 < count ? facts[second] : float.NegativeInfinity;
            var most = WarpVotes.Max(a > b ? a : b);
            a = a > float.NegativeInfinity ? MathF.Exp(a - most) : 0f;
            b = b > float.NegativeInfinity ? MathF.Exp(b - most) : 0f;
            var weight = (lane < count ? a * facts[(count * Heads) + first] : 0f) + (lane + 32 < count ? b * facts[(count * Heads) + second] : 0f);
            weight = WarpVotes.Sum(weight);
            Warp.Barrier();
            if (lane < count)
            {
                facts[first] = a;
            }

            if (lane + 32 < count)
            {
                facts[second] = b;
            }

            if (lane == 0)
            {
                facts[(2 * count * Heads) + head] = weight;

                // The largest score of all: where the first part's weight was, which nobody needs any more.
                facts[(count * Heads) + head] = most;
            }
        }

        Group.Barrier();
    }

    /// <summary>A head's eight dimensions of parts in device memory. Four parts are on their way at once.</summary>
    internal static Piece Sum(ArrayView<float> facts, long parts, int width, int count, int head, int dimension)
    {
        var bytes = 4L * Floats(width);
        var first = parts + (4L * ((head * width) + dimension));
        Piece sum = default;
        for (var part = 0; part < count; part += 4)
        {
            var (a, b, c, d) = (At(part, count), At(part + 1, count), At(part + 2, count), At(part + 3, count));
            var (e, f, g, h) = (Piece.OfOthers(first + (a * bytes)), Piece.OfOthers(first + (b * bytes)), Piece.OfOthers(first + (c * bytes)), Piece.OfOthers(first + (d * bytes)));
            sum = sum.Plus(e.Times(facts[(a * Heads) + head]));
            sum = sum.Plus(f.Times(part + 1 < count ? facts[(b * Heads) + head] : 0f));
            sum = sum.Plus(g.Times(part + 2 < count ? facts[(c * Heads) + head] : 0f));
            sum = sum.Plus(h.Times(part + 3 < count ? facts[(d * Heads) + head] : 0f));
        }

        return sum;
    }

    private static int At(int part, int count) => part < count ? part : count - 1;
}
