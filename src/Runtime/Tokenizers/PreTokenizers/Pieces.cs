using System.Buffers;
using Moesaic.Tokenizers.Patterns;

namespace Moesaic.Tokenizers.PreTokenizers;

/// <summary>A text and the pieces it is split into so far, from left to right.</summary>
/// <param name="text">What is to be split; not empty.</param>
/// <param name="atStart">Whether it stands at the start of what the caller encodes, and not behind an added token.</param>
internal sealed class Pieces(ReadOnlyMemory<char> text, bool atStart)
{
    private ReadOnlyMemory<char> _text = text;
    private List<PatternMatch> _pieces = [new(0, text.Length)];

    internal delegate void PieceWriter(ReadOnlySpan<char> piece, bool atStart, ArrayBufferWriter<char> output);

    internal int Count => _pieces.Count;

    internal ReadOnlySpan<char> this[int index] => _text.Span.Slice(_pieces[index].Start, _pieces[index].Length);

    /// <summary>Splits every piece as <paramref name="behavior"/> says at what <paramref name="pattern"/> matches, or between.</summary>
    internal void Split(Pattern pattern, SplitBehavior behavior, bool invert)
    {
        var split = new List<PatternMatch>(_pieces.Count);
        var matches = new List<PatternMatch>();
        foreach (var piece in _pieces)
        {
            matches.Clear();
            pattern.Find(_text.Span.Slice(piece.Start, piece.Length), matches);
            behavior.Split(piece, matches, invert, split);
        }

        _pieces = split;
    }

    /// <summary>Writes every piece anew; a piece that becomes empty goes.</summary>
    internal void Rewrite(PieceWriter write)
    {
        var output = new ArrayBufferWriter<char>(_text.Length);
        var rewritten = new List<PatternMatch>(_pieces.Count);
        foreach (var piece in _pieces)
        {
            var start = output.WrittenCount;
            write(_text.Span.Slice(piece.Start, piece.Length), atStart && piece.Start == 0, output);
            if (output.WrittenCount > start)
            {
                rewritten.Add(new(start, output.WrittenCount - start));
            }
        }

        (_text, _pieces) = (output.WrittenMemory, rewritten);
    }
}
