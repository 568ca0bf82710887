using System.Globalization;
using System.Text;

namespace Moesaic.Runtime.Tests.Tokenizers;

/// <summary>Text from all of Unicode, with what breaks tokenizers more often than chance would bring it.</summary>
internal static class RandomText
{
    private static readonly string[] Odd =
    [
        " ", "  ", "\n", "\r\n", "\t", "'s", "'LL", "don't", "123", "1234567", "e\u0301", "\u0301", "ς", "Σ", "ſ", "\u212A", "İ", "中文", "한국어", "각",
        "😀", "👩‍👩‍👧‍👦", "🏳️‍🌈", "🇸🇪", "𝐀𝟏", "𠀀", "\u0085", "\u00A0", "\u200B", "\u200D", "\u2028", "\uFEFF", "\uFFFD", "\uFFFF", "\0", "Ġ", "_", "the", "Word",
    ];

    /// <summary>Any character.</summary>
    internal static Func<Rune, bool> All { get; } = static _ => true;

    /// <summary>Characters that no normalization form changes.</summary>
    internal static Func<Rune, bool> Stable { get; } = static rune =>
        rune.Value < 0x300 || Rune.GetUnicodeCategory(rune) is UnicodeCategory.OtherSymbol or UnicodeCategory.UppercaseLetter && rune.Value is > 0x400 and < 0x410;

    internal static string Create(Random random, Func<Rune, bool> filter)
    {
        var text = new StringBuilder();
        for (var i = random.Next(1, 30); i > 0; i--)
        {
            var next = random.Next(4) switch
            {
                0 => Odd[random.Next(Odd.Length)],
                1 => new Rune(random.Next(0x20, 0x7F)).ToString(),
                2 => ((char)random.Next(0x80, 0xD800)).ToString(),
                _ => new Rune(random.Next(0xE000, 0x110000)).ToString(),
            };
            if (next.EnumerateRunes().All(filter))
            {
                text.Append(next);
            }
        }

        return text.ToString();
    }
}
