using Moesaic.Tokenizers.Unicode;

namespace Moesaic.Tokenizers.Normalizers;

/// <summary>NFC, NFD, NFKC or NFKD.</summary>
internal sealed class UnicodeNormalizer(UnicodeForm form) : Normalizer
{
    internal override string Normalize(string text) => UnicodeNormalization.Normalize(text, form);
}
