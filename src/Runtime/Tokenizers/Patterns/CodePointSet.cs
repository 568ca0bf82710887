using System.Globalization;

namespace Moesaic.Tokenizers.Patterns;

/// <summary>A set of Unicode code points, described by ranges and general categories.</summary>
/// <remarks>
/// Membership depends on two facts only: the code point's general category, and which side of each of <see cref="Edges"/> it
/// lies on. That is what lets <see cref="Alphabet"/> enumerate a pattern's classes without walking 1.1 million code points.
/// </remarks>
internal sealed class CodePointSet
{
    internal const int Last = 0x10FFFF;

    private readonly Func<int, UnicodeCategory, bool> _contains;

    private CodePointSet(IReadOnlyList<int> edges, Func<int, UnicodeCategory, bool> contains)
    {
        Edges = edges;
        _contains = contains;
    }

    internal static CodePointSet All { get; } = new([], static (_, _) => true);

    /// <summary>Unicode's White_Space, what \s means to Oniguruma and to Rust.</summary>
    internal static CodePointSet WhiteSpace { get; } = FromRanges(
        (0x09, 0x0D), (0x20, 0x20), (0x85, 0x85), (0xA0, 0xA0), (0x1680, 0x1680), (0x2000, 0x200A), (0x2028, 0x2029), (0x202F, 0x202F), (0x205F, 0x205F), (0x3000, 0x3000));

    /// <summary>Code points at which membership may change among those of one category.</summary>
    internal IReadOnlyList<int> Edges { get; }

    internal bool Contains(int codePoint, UnicodeCategory category) => _contains(codePoint, category);

    internal static CodePointSet FromRanges(params (int First, int Last)[] ranges)
    {
        var sorted = ranges.OrderBy(static range => range.First).ToArray();
        return new([.. sorted.SelectMany(static range => new[] { range.First, range.Last + 1 })], (codePoint, _) => InRanges(sorted, codePoint));
    }

    internal static CodePointSet FromCategories(params UnicodeCategory[] categories)
    {
        var mask = categories.Aggregate(0u, static (mask, category) => mask | (1u << (int)category));
        return new([], (_, category) => (mask >> (int)category & 1) != 0);
    }

    internal CodePointSet Union(CodePointSet other) => Combine(other, (codePoint, category) => Contains(codePoint, category) || other.Contains(codePoint, category));

    internal CodePointSet Intersect(CodePointSet other) => Combine(other, (codePoint, category) => Contains(codePoint, category) && other.Contains(codePoint, category));

    internal CodePointSet Complement() => new(Edges, (codePoint, category) => !Contains(codePoint, category));

    private CodePointSet Combine(CodePointSet other, Func<int, UnicodeCategory, bool> contains) => new([.. Edges, .. other.Edges], contains);

    private static bool InRanges((int First, int Last)[] ranges, int codePoint)
    {
        foreach (var (first, last) in ranges)
        {
            if (codePoint >= first && codePoint <= last)
            {
                return true;
            }
        }

        return false;
    }
}
