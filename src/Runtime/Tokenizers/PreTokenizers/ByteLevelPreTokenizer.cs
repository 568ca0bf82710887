using System.Buffers;
using System.Text;
using Moesaic.Tokenizers.Patterns;
using Moesaic.Tokenizers.Unicode;

namespace Moesaic.Tokenizers.PreTokenizers;

/// <summary>Writes every byte as the character that stands for it, after a split into words as GPT-2 did it if asked for.</summary>
internal sealed class ByteLevelPreTokenizer(bool addPrefixSpace, bool useRegex) : PreTokenizer
{
    private const string Words = @"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+";

    private readonly Pattern? _words = useRegex ? new RegexPattern(Words) : null;

    internal override void Apply(Pieces pieces)
    {
        if (addPrefixSpace)
        {
            pieces.Rewrite(AddPrefixSpace);
        }

        if (_words is not null)
        {
            pieces.Split(_words, SplitBehavior.Isolated, invert: false);
        }

        pieces.Rewrite(WriteBytes);
    }

    private static void AddPrefixSpace(ReadOnlySpan<char> piece, bool atStart, ArrayBufferWriter<char> output)
    {
        if (!piece.StartsWith(' '))
        {
            output.Write(" ");
        }

        output.Write(piece);
    }

    private static void WriteBytes(ReadOnlySpan<char> piece, bool atStart, ArrayBufferWriter<char> output)
    {
        Span<byte> bytes = stackalloc byte[4];
        var characters = output.GetSpan(Encoding.UTF8.GetByteCount(piece));
        var count = 0;
        foreach (var rune in piece.EnumerateRunes())
        {
            for (var (i, length) = (0, rune.EncodeToUtf8(bytes)); i < length; i++)
            {
                characters[count++] = ByteAlphabet.CharacterOf(bytes[i]);
            }
        }

        output.Advance(count);
    }
}
