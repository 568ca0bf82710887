using System.Text;

namespace Moesaic.Tokenizers.Patterns;

/// <summary>What (?i) adds to a set: the other cases of its letters, by Unicode's simple folding as Oniguruma and Rust apply it.</summary>
internal static class CaseFolding
{
    /// <summary>The ranges and all that differs from a member by case only.</summary>
    internal static CodePointSet Close(IReadOnlyCollection<(int First, int Last)> ranges)
    {
        var folds = new HashSet<int>();
        foreach (var (first, last) in ranges)
        {
            for (var codePoint = first; codePoint <= last; codePoint++)
            {
                folds.Add(Fold(codePoint));
            }
        }

        // Long s and the Kelvin sign are the only letters outside of ASCII that fold into it.
        return folds.All(static fold => fold < 0x80)
            ? CodePointSet.FromRanges([.. Enumerable.Range(0, 0x80).Append(0x17F).Append(0x212A).Where(Folds).Select(Single)])
            : CodePointSet.FromRanges([.. ranges, .. Enumerable.Range(0, CodePointSet.Last + 1).Where(Folds).Select(Single)]);

        bool Folds(int codePoint) => folds.Contains(Fold(codePoint));
    }

    private static (int First, int Last) Single(int codePoint) => (codePoint, codePoint);

    /// <summary>Upper before lower joins the letters that only their capital connects, such as the two small sigmas.</summary>
    private static int Fold(int codePoint) => codePoint switch
    {
        0x17F => 's', // .NET keeps it apart from s in its invariant mode
        0x130 or 0x131 => codePoint, // the dotted and the dotless i fold to nothing else
        _ when Rune.IsValid(codePoint) => Rune.ToLowerInvariant(Rune.ToUpperInvariant(new Rune(codePoint))).Value,
        _ => codePoint,
    };
}
