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
        if (!isNormed)
        {
            return value;
        }

        var squares = value.Squares;
        for (var distance = THead.Value / 16; distance > 0; distance >>= 1)
        {
            squares += Warp.ShuffleXor(squares, distance);
        }

        return value.Times(1f / MathF.Sqrt((squares / THead.Value) + eps)).Rounded.Times(Piece.Of(weights)).Rounded;
    }

    /// <summary>The thread's eight dimensions, turned. All lanes of a warp call it.</summary>
    /// <param name="angle">Cosine and sine of its pairs.</param>
    /// <param name="piece">Which eight dimensions.</param>
    /// <param name="rotary">The first so many dimensions turn; a multiple of 16.</param>
    /// <param name="interleaved">Pairs are neighbours, and not halves apart: 1 for yes.</param>
    internal static Piece Turned(Piece value, DecodeAngle angle, int piece, int rotary, int interleaved)
    {
        if (interleaved != 0)
        {
            return value.Times(angle.Cosine).Plus(value.QuarterTurn.Times(angle.Sine));
        }

        // The other half of a pair is in another lane.
        var half = rotary / 16;
        var distance = piece < half ? half : -half;
        var other = value.OfLane((Group.IdxX & 31) + (8 * piece < rotary ? distance : 0));
        return value.Times(angle.Cosine).Plus(other.Times(piece < half ? -1f : 1f).Times(angle.Sine));
    }
}
