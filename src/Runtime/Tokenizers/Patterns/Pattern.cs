namespace Moesaic.Tokenizers.Patterns;

/// <summary>What tokenizer.json calls a pattern: a text or a regular expression to look for. Safe for concurrent use.</summary>
internal abstract class Pattern
{
    /// <summary>Adds every match to <paramref name="matches"/>, from left to right; matches do not overlap, and may be empty.</summary>
    internal abstract void Find(ReadOnlySpan<char> text, List<PatternMatch> matches);

    /// <summary>The text with every match replaced by <paramref name="content"/>, taken literally.</summary>
    internal virtual string Replace(string text, string content)
    {
        var matches = new List<PatternMatch>();
        Find(text, matches);
        if (matches.Count == 0)
        {
            return text;
        }

        var result = new System.Text.StringBuilder(text.Length);
        var end = 0;
        foreach (var match in matches)
        {
            result.Append(text, end, match.Start - end).Append(content);
            end = match.End;
        }

        return result.Append(text, end, text.Length - end).ToString();
    }
}
