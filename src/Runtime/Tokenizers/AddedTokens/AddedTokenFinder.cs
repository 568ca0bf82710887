using System.Buffers;
using System.Text;
using Moesaic.Tokenizers.Patterns;

namespace Moesaic.Tokenizers.AddedTokens;

/// <summary>Splits text at added tokens: the leftmost first, and of those the longest.</summary>
internal sealed class AddedTokenFinder
{
    private readonly Dictionary<string, AddedToken> _tokens = new(StringComparer.Ordinal);
    private readonly SearchValues<string> _contents;
    private readonly int[] _lengths; // longest first

    /// <param name="tokens">The tokens, and as what text each is looked for.</param>
    internal AddedTokenFinder(IEnumerable<(string Text, AddedToken Token)> tokens)
    {
        foreach (var (text, token) in tokens.Where(static token => token.Text.Length > 0))
        {
            _tokens.TryAdd(text, token);
        }

        _contents = SearchValues.Create([.. _tokens.Keys], StringComparison.Ordinal);
        _lengths = [.. _tokens.Keys.Select(static text => text.Length).Distinct().OrderDescending()];
    }

    /// <summary>The sections of a text, from left to right; none if it is empty.</summary>
    internal List<Section> Split(ReadOnlySpan<char> text)
    {
        var sections = new List<Section>();
        var end = 0;
        for (var from = 0; _tokens.Count > 0 && text[from..].IndexOfAny(_contents) is >= 0 and var found;)
        {
            var start = from + found;
            var (token, length) = LongestAt(text[start..]);
            from = start + length;
            if (token.SingleWord && (EndsWithWord(text[..start]) || StartsWithWord(text[from..])))
            {
                continue;
            }

            // White space that the token before has taken is gone.
            start = token.LeftStrip ? Math.Max(text[..start].TrimEnd().Length, end) : start;
            if (start > end)
            {
                sections.Add(new(end, start - end));
            }

            end = token.RightStrip ? text.Length - text[from..].TrimStart().Length : from;
            sections.Add(new(start, end - start, token.Id));
        }

        if (end < text.Length)
        {
            sections.Add(new(end, text.Length - end));
        }

        return sections;
    }

    private (AddedToken Token, int Length) LongestAt(ReadOnlySpan<char> text)
    {
        var tokens = _tokens.GetAlternateLookup<ReadOnlySpan<char>>();
        foreach (var length in _lengths)
        {
            if (length <= text.Length && tokens.TryGetValue(text[..length], out var token))
            {
                return (token, length);
            }
        }

        throw new InvalidOperationException("an added token was found and is not there");
    }

    private static bool EndsWithWord(ReadOnlySpan<char> text) => Rune.DecodeLastFromUtf16(text, out var rune, out _) == OperationStatus.Done && IsWord(rune);

    private static bool StartsWithWord(ReadOnlySpan<char> text) => Rune.DecodeFromUtf16(text, out var rune, out _) == OperationStatus.Done && IsWord(rune);

    /// <summary>Rust's \w, which takes the two joiners too.</summary>
    private static bool IsWord(Rune rune) => CodePointProperties.Word.Contains(rune.Value, Rune.GetUnicodeCategory(rune)) || rune.Value is 0x200C or 0x200D;
}
