namespace Moesaic.Kernels;

/// <summary>Codes between the copy engine and those who decode them, in shared memory: steps of 256 weight rows by 64 columns.</summary>
/// <remarks>
/// <code>
///   buffers     Count × 256 rows × 64 columns of 8 or 4 bits, one after the other, not swizzled
///   barriers    full, empty of each
/// </code>
/// </remarks>
internal struct CodeRing<TWeights>
    where TWeights : struct, IStreamedWeights
{
    // What stages of tokens leave.
    private const int AllBytes = 48 << 10;

    internal uint Start;

    /// <summary>Of a step.</summary>
    internal static int StepBytes => 256 * RowBytes;

    /// <summary>Of a row of a step.</summary>
    internal static int RowBytes => TiledProduct.StepColumns * TWeights.Bits / 8;

    /// <summary>Steps in flight.</summary>
    internal static int Count => AllBytes / StepBytes;

    internal static int Bytes => (int)new CodeRing<TWeights>().Full(Count);

    internal readonly uint Codes(int buffer) => Start + (uint)(buffer * StepBytes);

    internal readonly uint Empty(int buffer) => Codes(Count) + (uint)(buffer * AsyncBarrier.Bytes);

    internal readonly uint Full(int buffer) => Empty(Count) + (uint)(buffer * AsyncBarrier.Bytes);
}
