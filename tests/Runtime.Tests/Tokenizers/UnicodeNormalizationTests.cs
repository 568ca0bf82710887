using System.Globalization;
using Moesaic.Tokenizers.Unicode;

namespace Moesaic.Runtime.Tests.Tokenizers;

/// <summary>Normalization that does not ask the host, whose own is the identity where globalization is invariant, as in these tests.</summary>
public sealed class UnicodeNormalizationTests
{
    [Theory]
    [InlineData("NFC", "e\u0301", "é")]
    [InlineData("NFD", "é", "e\u0301")]
    [InlineData("NFC", "A\u030A", "Å")]
    [InlineData("NFC", "\u212B\u2126", "ÅΩ")] // singletons decompose and stay apart
    [InlineData("NFC", "q\u0307\u0323", "q\u0323\u0307")] // marks in order
    [InlineData("NFC", "a\u0315\u0300\u05AE\u0300b", "à\u05AE\u0300\u0315b")]
    [InlineData("NFC", "\u0958", "\u0915\u093C")] // excluded from composition
    [InlineData("NFC", "\u1100\u1161\u11A8", "각")]
    [InlineData("NFC", "\uAC00\u11A8", "각")]
    [InlineData("NFD", "각", "\u1100\u1161\u11A8")]
    [InlineData("NFC", "\uD834\uDD5E", "\uD834\uDD57\uD834\uDD65")] // a half note, outside of the basic plane
    [InlineData("NFC", "\uD804\uDC99\uD804\uDCBA", "\uD804\uDC9A")]
    [InlineData("NFC", "ﬁ½", "ﬁ½")]
    [InlineData("NFKC", "ﬁ½①Ⅷ", "fi1⁄21VIII")]
    [InlineData("NFKC", "\uFDFA", "صلى الله عليه وسلم")]
    [InlineData("NFKD", "ﬁé", "fie\u0301")]
    [InlineData("NFKC", "ｶﾞ", "ガ")]
    [InlineData("NFC", "", "")]
    [InlineData("NFC", "\uFFFF", "\uFFFF")]
    public void Text_IsInTheForm(string form, string text, string expected) =>
        Assert.Equal(Escape(expected), Escape(UnicodeNormalization.Normalize(text, UnicodeForm.TryFind(form)!.Value)));

    [Fact]
    public void EveryCharacter_KeepsTheLawsOfTheForms()
    {
        var (nfc, nfd, nfkc, nfkd) = (UnicodeForm.TryFind("NFC")!.Value, UnicodeForm.TryFind("NFD")!.Value, UnicodeForm.TryFind("NFKC")!.Value, UnicodeForm.TryFind("NFKD")!.Value);
        for (var codePoint = 0; codePoint <= 0x10FFFF; codePoint += codePoint == 0xD7FF ? 0x801 : 1)
        {
            if (char.GetUnicodeCategory(char.ConvertFromUtf32(codePoint), 0) is UnicodeCategory.OtherNotAssigned or UnicodeCategory.PrivateUse)
            {
                continue; // most of the planes
            }

            var text = "a" + char.ConvertFromUtf32(codePoint) + "\u0323\u0301";
            var (composed, decomposed) = (UnicodeNormalization.Normalize(text, nfc), UnicodeNormalization.Normalize(text, nfd));
            Assert.Equal(composed, UnicodeNormalization.Normalize(composed, nfc));
            Assert.Equal(composed, UnicodeNormalization.Normalize(decomposed, nfc));
            Assert.Equal(decomposed, UnicodeNormalization.Normalize(composed, nfd));
            Assert.Equal(UnicodeNormalization.Normalize(text, nfkc), UnicodeNormalization.Normalize(UnicodeNormalization.Normalize(text, nfkd), nfkc));
        }
    }

    private static string Escape(string text) => string.Join(' ', text.EnumerateRunes().Select(static rune => rune.Value.ToString("X4", CultureInfo.InvariantCulture)));
}
