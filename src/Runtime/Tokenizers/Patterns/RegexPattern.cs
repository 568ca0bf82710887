using System.Buffers;
using System.Text;
using System.Text.RegularExpressions;

namespace Moesaic.Tokenizers.Patterns;

/// <summary>A regular expression in the syntax of tokenizer.json (Oniguruma's), matched over the symbols of its own alphabet.</summary>
internal sealed class RegexPattern : Pattern
{
    private readonly Alphabet _alphabet;
    private readonly Regex _regex;

    /// <exception cref="FormatException">The expression is malformed, or uses what is not supported; the message says what and where.</exception>
    internal RegexPattern(string expression)
    {
        var items = PatternParser.Parse(expression);
        var sets = items.Where(static item => item.Set is not null).Select(static item => item.Set!).Distinct().ToArray();
        _alphabet = new Alphabet(sets);
        _regex = new Regex(Write(items, sets, _alphabet), RegexOptions.CultureInvariant);
    }

    internal override void Find(ReadOnlySpan<char> text, List<PatternMatch> matches)
    {
        var buffer = ArrayPool<char>.Shared.Rent(text.Length);
        try
        {
            Find(text, buffer, matches);
        }
        finally
        {
            ArrayPool<char>.Shared.Return(buffer);
        }
    }

    private void Find(ReadOnlySpan<char> text, char[] buffer, List<PatternMatch> matches)
    {
        var symbols = buffer.AsSpan(0, ToSymbols(text, buffer));
        var astral = symbols.Length < text.Length;
        var (symbol, unit) = (0, 0); // the same place, counted in symbols and in UTF-16 units
        var end = -1;
        foreach (var match in _regex.EnumerateMatches(symbols))
        {
            // An empty match right behind another is none, in Oniguruma.
            if (match.Length == 0 && match.Index == end)
            {
                continue;
            }

            end = match.Index + match.Length;
            if (!astral)
            {
                matches.Add(new(match.Index, match.Length));
                continue;
            }

            var start = Advance(text, match.Index);
            matches.Add(new(start, Advance(text, end) - start));
        }

        int Advance(ReadOnlySpan<char> text, int to)
        {
            for (; symbol < to; symbol++)
            {
                unit += IsPair(text, unit) ? 2 : 1;
            }

            return unit;
        }
    }

    private int ToSymbols(ReadOnlySpan<char> text, char[] symbols)
    {
        var count = 0;
        for (var i = 0; i < text.Length; i++)
        {
            symbols[count++] = _alphabet[IsPair(text, i) ? char.ConvertToUtf32(text[i], text[++i]) : text[i]];
        }

        return count;
    }

    private static bool IsPair(ReadOnlySpan<char> text, int at) => char.IsHighSurrogate(text[at]) && at + 1 < text.Length && char.IsLowSurrogate(text[at + 1]);

    private static string Write(IReadOnlyList<PatternItem> items, CodePointSet[] sets, Alphabet alphabet)
    {
        var written = new StringBuilder();
        foreach (var item in items)
        {
            if (item.Set is null)
            {
                written.Append(item.Syntax);
                continue;
            }

            var members = alphabet.Members[Array.IndexOf(sets, item.Set)];
            written.Append(members.Count == 0 ? "(?!)" : "[");
            foreach (var member in members)
            {
                written.Append(System.Globalization.CultureInfo.InvariantCulture, $"\\u{(int)member:X4}");
            }

            written.Append(members.Count == 0 ? "" : "]");
        }

        return written.ToString();
    }
}
