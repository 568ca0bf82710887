using System.Text;

namespace Moesaic.Tokenizers.Unicode;

/// <summary>Unicode normalization (UAX #15), our own.</summary>
/// <remarks>
/// <see cref="string.Normalize()"/> returns its text unchanged, without an error, in an application that sets
/// InvariantGlobalization, and needs ICU elsewhere. Token ids must not depend on that.
/// </remarks>
internal static class UnicodeNormalization
{
    // Hangul syllables decompose and compose by arithmetic: UAX #15, section 16.
    private const int Syllables = 0xAC00;
    private const int Leads = 0x1100;
    private const int Vowels = 0x1161;
    private const int Trails = 0x11A7;
    private const int LeadCount = 19;
    private const int VowelCount = 21;
    private const int TrailCount = 28;
    private const int SyllableCount = LeadCount * VowelCount * TrailCount;

    /// <summary>The text, which has no lone surrogates, in the form.</summary>
    internal static string Normalize(string text, UnicodeForm form)
    {
        if (IsNormalized(text, form))
        {
            return text;
        }

        var codePoints = new List<int>(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            Decompose(rune.Value, form.Compatible, codePoints);
        }

        Reorder(codePoints);
        if (form.Composed)
        {
            Compose(codePoints);
        }

        var result = new StringBuilder(text.Length);
        foreach (var codePoint in codePoints)
        {
            result.Append(new Rune(codePoint));
        }

        return result.ToString();
    }

    /// <summary>A quick look that may say no to a text that is: nearly all text is NFC already, and ASCII is all four.</summary>
    private static bool IsNormalized(string text, UnicodeForm form)
    {
        if (Ascii.IsValid(text))
        {
            return true;
        }

        if (form.Compatible || !form.Composed)
        {
            return false;
        }

        foreach (var rune in text.EnumerateRunes())
        {
            if (rune.Value >= 0x300 && (DecompositionTables.Instance.MayChange(rune.Value) || IsVowelOrTrail(rune.Value)))
            {
                return false;
            }
        }

        return true;
    }

    private static bool IsVowelOrTrail(int codePoint) => codePoint is >= Vowels and < Trails + TrailCount;

    private static void Decompose(int codePoint, bool compatible, List<int> output)
    {
        var syllable = codePoint - Syllables;
        if (syllable is >= 0 and < SyllableCount)
        {
            output.Add(Leads + (syllable / (VowelCount * TrailCount)));
            output.Add(Vowels + (syllable / TrailCount % VowelCount));
            if (syllable % TrailCount != 0)
            {
                output.Add(Trails + (syllable % TrailCount));
            }
        }
        else if (codePoint >= 0x80 && DecompositionTables.Instance.Decompose(codePoint, compatible) is { } parts)
        {
            foreach (var part in parts)
            {
                Decompose(part, compatible, output);
            }
        }
        else
        {
            output.Add(codePoint);
        }
    }

    /// <summary>Puts marks that follow each other in the order of their combining classes, and leaves equals as they are.</summary>
    private static void Reorder(List<int> codePoints)
    {
        for (var start = 0; start < codePoints.Count; start++)
        {
            var end = start;
            while (end < codePoints.Count && Class(codePoints[end]) != 0)
            {
                end++;
            }

            if (end - start > 1)
            {
                var marks = codePoints.GetRange(start, end - start).OrderBy(Class).ToArray(); // stable
                marks.CopyTo(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(codePoints)[start..]);
            }

            start = end;
        }
    }

    private static void Compose(List<int> codePoints)
    {
        var (starter, written) = (-1, 0);
        var lastClass = 0; // of what was written last behind the starter, 0 if that is the starter itself
        foreach (var codePoint in codePoints.ToArray())
        {
            var combiningClass = Class(codePoint);
            var blocked = written - 1 > starter && lastClass >= combiningClass;
            if (starter >= 0 && !blocked && Compose(codePoints[starter], codePoint) is { } composed)
            {
                codePoints[starter] = composed;
                continue;
            }

            if (combiningClass == 0)
            {
                starter = written;
            }

            lastClass = combiningClass;
            codePoints[written++] = codePoint;
        }

        codePoints.RemoveRange(written, codePoints.Count - written);
    }

    private static int? Compose(int first, int second)
    {
        if (first - Leads is >= 0 and < LeadCount && second - Vowels is >= 0 and < VowelCount)
        {
            return Syllables + ((((first - Leads) * VowelCount) + (second - Vowels)) * TrailCount);
        }

        if (first - Syllables is >= 0 and < SyllableCount && (first - Syllables) % TrailCount == 0 && second - Trails is > 0 and < TrailCount)
        {
            return first + (second - Trails);
        }

        return DecompositionTables.Instance.Compose(first, second);
    }

    private static int Class(int codePoint) => codePoint < 0x300 ? 0 : DecompositionTables.Instance.CombiningClass(codePoint);
}
