using System.Text;

namespace Moesaic.Tokenizers.Normalizers;

/// <summary>Lowercases each character by itself, so that a final sigma is like any other.</summary>
internal sealed class LowercaseNormalizer : Normalizer
{
    private const char DottedCapitalI = '\u0130'; // the only character whose lower case is two

    internal override string Normalize(string text)
    {
        var lower = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            if (rune.Value == DottedCapitalI)
            {
                lower.Append("i\u0307");
            }
            else
            {
                lower.Append(Rune.ToLowerInvariant(rune));
            }
        }

        return lower.ToString();
    }
}
