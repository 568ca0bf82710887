namespace Moesaic.Checkpoints;

/// <summary>Arithmetic and text of shapes, which come from files and so may be anything.</summary>
internal static class TensorShape
{
    /// <summary>Dimensions torch's kernels handle at most.</summary>
    internal const int HighestRank = 64;

    internal static string Text(IEnumerable<long> shape) => $"[{string.Join(", ", shape)}]";

    /// <summary>The bytes of a tensor; false where they, or the strides torch would give it, do not fit 64 bits.</summary>
    internal static bool TryCountBytes(ReadOnlySpan<long> shape, int elementSize, out long bytes)
    {
        // Zeros count as ones here: [0, 2^62, 8] has no elements, and strides that overflow all the same.
        Int128 extent = elementSize;
        bytes = 0;
        foreach (var size in shape)
        {
            extent *= Math.Max(1, size);
            if (extent > long.MaxValue)
            {
                return false;
            }
        }

        bytes = shape.Contains(0) ? 0 : (long)extent;
        return true;
    }
}
