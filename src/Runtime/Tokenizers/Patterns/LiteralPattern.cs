namespace Moesaic.Tokenizers.Patterns;

/// <summary>A text to look for as it is.</summary>
internal sealed class LiteralPattern(string literal) : Pattern
{
    internal bool IsOneUnit => literal.Length == 1;

    internal override void Find(ReadOnlySpan<char> text, List<PatternMatch> matches)
    {
        for (var start = 0; text[start..].IndexOf(literal, StringComparison.Ordinal) is >= 0 and var found; start += found + literal.Length)
        {
            matches.Add(new(start + found, literal.Length));
        }
    }

    internal override string Replace(string text, string content) => text.Replace(literal, content, StringComparison.Ordinal);
}
