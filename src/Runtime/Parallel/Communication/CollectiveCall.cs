using static TorchSharp.torch;

namespace Moesaic.Communication;

/// <summary>What a rank is about to call, as five numbers that ranks compare.</summary>
/// <param name="Sequence">How many calls came before it in the group.</param>
/// <param name="Bytes">What must be equal on all ranks: of all values; of a row in an all-to-all.</param>
/// <param name="Detail">Rows of each rank or the root, as one number.</param>
internal readonly record struct CollectiveCall(long Sequence, CollectiveKind Kind, long Bytes, ScalarType Dtype, long Detail)
{
    internal const int Length = 5;

    internal void Write(Span<long> target)
    {
        target[0] = Sequence;
        target[1] = (long)Kind;
        target[2] = Bytes;
        target[3] = (long)Dtype;
        target[4] = Detail;
    }

    internal static CollectiveCall Read(ReadOnlySpan<long> source) =>
        new(source[0], (CollectiveKind)source[1], source[2], (ScalarType)source[3], source[4]);

    /// <summary>One number from many, the same on every machine.</summary>
    internal static long Digest(ReadOnlySpan<long> numbers)
    {
        var digest = 14695981039346656037UL;
        foreach (var number in numbers)
        {
            digest = (digest ^ (ulong)number) * 1099511628211UL;
        }

        return (long)digest;
    }

    /// <summary>For messages: <c>call 17, AllGather of 4096 bytes Float32</c>.</summary>
    public override string ToString() => Kind is CollectiveKind.Barrier or CollectiveKind.Split
        ? $"call {Sequence}, {Kind}"
        : $"call {Sequence}, {Kind} of {Bytes} bytes {Dtype}";
}
