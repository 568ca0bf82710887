using ILGPU;

namespace Moesaic.Kernels;

/// <summary>Heads of one token, normed and turned: eight dimensions a thread, so that a head is some lanes of one warp.</summary>
/// <remarks>Rounds where RmsNorm and RotaryEmbedding round on tensors, but for the products within a rotation.</remarks>
internal static class DecodeHeads
{
    /// <summary>The thread's eight dimensions, normed. All lanes of a warp call it.</summary>
    /// <param name="bits">Of the head.</param>
    /// <param name="weights">Of the norm.</param>
    /// <param name="isNormed">Whether there is one.</param>
    internal static Piece Normed<THead>(Bits4 bits, Bits4 weights, bool isNormed, float eps)
        where THead : struct, IHeadWidth
    {
        var value = Piece.Of(bits);
        var squares = value.Squares;
        for (var distance = THead.Value / 16; distance > 0; distance >>= 1)
        {
            squares += Warp.ShuffleXor(squares, distance);
        }

        return isNormed ? value.Times(1f / MathF.Sqrt((squares / THead.Value) + eps)).Rounded.Times(Piece.Of(weights)).Rounded : value;
    }

    /// <summary>Two neighbouring dimensions of a head in shared memory, turned.</summary>
    /// <param name="row">[d], and cosine and sine, [r / 2] each.</param>
    /// <param name="first">The first of the two, even.</param>
    /// <param name="rotary">r: the first so many dimensions turn.</param>
    /// <param name="interleaved">Pairs are neighbours, and not halves apart: 1 for yes.</param>
    internal static uint Turned(ArrayView<float> row, ArrayView<float> cos, ArrayView<float> sin, int first, int rotary, int interleaved) =>
        BrainFloat.Pack(One(row, cos, sin, first, rotary, interleaved), One(row, cos, sin, first + 1, rotary, interleaved));

    private static float One(ArrayView<float> row, ArrayView<float> cos, ArrayView<float> sin, int i, int rotary, int interleaved)
    {
        if (i >= rotary)
        {
            return row[i];
        }

        var half = rotary / 2;
        var isFirst = interleaved != 0 ? (i & 1) == 0 : i < half;
        var pair = interleaved != 0 ? i / 2 : isFirst ? i : i - half;
        var other = interleaved != 0 ? i ^ 1 : isFirst ? i + half : i - half;
        var turned = row[other] * sin[pair];
        return (row[i] * cos[pair]) + (isFirst ? -turned : turned);
    }
}
