namespace Moesaic.Kernels;

/// <summary>The sums of heads over parts of the positions, in device memory.</summary>
/// <remarks>
/// <code>
///   part     [8, d] float32   sums of weighted values; then the largest score of each head, then its sum of weights
/// </code>
/// </remarks>
internal static class DecodeParts
{
    internal const int Heads = 8;

    /// <summary>Numbers of a part.</summary>
    internal static int Floats(int width) => Heads * (width + 2);

    /// <summary>Leaves a thread's eight dimensions for other blocks.</summary>
    internal static void Store(DecodePart sum, long part, int width, int head, int piece)
    {
        sum.Sum.Store(part + (4L * ((head * width) + (8 * piece))));
        if (piece == 0)
        {
            GlobalMemory.StoreFloat(part + (4L * ((Heads * width) + head)), sum.Largest);
            GlobalMemory.StoreFloat(part + (4L * ((Heads * width) + Heads + head)), sum.Weight);
        }
    }

    /// <summary>Adds up a thread's eight dimensions of parts, in their order. Four parts are on their way at once.</summary>
    internal static DecodePart Sum(long parts, int width, int count, int head, int piece)
    {
        var sum = DecodePart.None;
        for (var part = 0; part < count; part += 4)
        {
            sum = sum.Plus(
                Load(parts, part, width, count, head, piece), Load(parts, part + 1, width, count, head, piece),
                Load(parts, part + 2, width, count, head, piece), Load(parts, part + 3, width, count, head, piece));
        }

        return sum;
    }

    /// <summary>Past the end, the last one again as one of no positions.</summary>
    private static DecodePart Load(long parts, int part, int width, int count, int head, int piece)
    {
        var address = parts + (4L * Math.Min(part, count - 1) * Floats(width));
        var largest = GlobalMemory.LoadFloatOfOthers(address + (4L * ((Heads * width) + head)));
        return new()
        {
            Sum = Piece.OfOthers(address + (4L * ((head * width) + (8 * piece)))),
            Weight = GlobalMemory.LoadFloatOfOthers(address + (4L * ((Heads * width) + Heads + head))),
            Largest = part < count ? largest : float.MinValue,
        };
    }
}
