using System.Buffers;
using Moesaic.Tokenizers.Patterns;

namespace Moesaic.Tokenizers.PreTokenizers;

/// <summary>Writes spaces as a visible character, usually ▁, and splits before each if asked for.</summary>
internal sealed class MetaspacePreTokenizer(string replacement, PrependScheme scheme, bool split) : PreTokenizer
{
    private readonly LiteralPattern _replacement = new(replacement);

    internal override void Apply(Pieces pieces)
    {
        pieces.Rewrite(Write);
        if (split)
        {
            pieces.Split(_replacement, SplitBehavior.MergedWithNext, invert: false);
        }
    }

    private void Write(ReadOnlySpan<char> piece, bool atStart, ArrayBufferWriter<char> output)
    {
        var prepends = scheme == PrependScheme.Always || (scheme == PrependScheme.First && atStart);
        if (prepends && !piece.StartsWith(' ') && !piece.StartsWith(replacement, StringComparison.Ordinal))
        {
            output.Write(replacement);
        }

        foreach (var range in piece.Split(' '))
        {
            if (range.Start.Value > 0)
            {
                output.Write(replacement);
            }

            output.Write(piece[range]);
        }
    }
}
