namespace Moesaic.Tokenizers.Patterns;

/// <summary>Where a pattern matched, in UTF-16 units.</summary>
internal readonly record struct PatternMatch(int Start, int Length)
{
    internal int End => Start + Length;
}
