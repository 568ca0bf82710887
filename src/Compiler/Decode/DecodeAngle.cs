namespace Moesaic.Kernels;

/// <summary>How far a thread's eight dimensions of a head turn: of each the cosine, and the sine; of those that do not turn, 1 and 0.</summary>
internal struct DecodeAngle
{
    internal Piece Cosine;
    internal Piece Sine;

    /// <summary>Asks for them.</summary>
    /// <param name="cos">Of each pair, bf16.</param>
    /// <param name="sin">The same.</param>
    /// <param name="piece">Which eight dimensions.</param>
    /// <param name="rotary">The first so many turn; a multiple of 16.</param>
    /// <param name="interleaved">Pairs are neighbours, and not halves apart: 1 for yes.</param>
    internal static DecodeAngle Load(long cos, long sin, int piece, int rotary, int interleaved)
    {
        if (8 * piece >= rotary)
        {
            return new() { Cosine = Piece.Of(1f) };
        }

        if (interleaved != 0)
        {
            var place = 8L * piece;
            return new()
            {
                Cosine = Piece.OfPairs(GlobalMemory.LoadInt(cos + place), GlobalMemory.LoadInt(cos + place + 4)),
                Sine = Piece.OfPairs(GlobalMemory.LoadInt(sin + place), GlobalMemory.LoadInt(sin + place + 4)),
            };
        }

        var half = rotary / 16;
        var pair = 16L * (piece < half ? piece : piece - half);
        return new() { Cosine = Piece.Of(GlobalMemory.LoadBits4(cos + pair)), Sine = Piece.Of(GlobalMemory.LoadBits4(sin + pair)) };
    }
}
