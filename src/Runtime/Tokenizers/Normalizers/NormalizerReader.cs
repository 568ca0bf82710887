using Moesaic.Tokenizers.Loading;
using Moesaic.Tokenizers.Patterns;
using Moesaic.Tokenizers.Unicode;

namespace Moesaic.Tokenizers.Normalizers;

/// <summary>Reads the key "normalizer".</summary>
internal static class NormalizerReader
{
    private const string Supported = "NFC, NFD, NFKC, NFKD, Lowercase, Strip, StripAccents, Prepend, Replace, ByteLevel or Sequence";

    internal static Normalizer Read(JsonPart? part) => part is { } given ? Read(given) : new NormalizerSequence([]);

    private static Normalizer Read(JsonPart part)
    {
        var type = part["type"].Text();
        return type switch
        {
            "Sequence" => new NormalizerSequence([.. part["normalizers"].Items().Select(Read)]),
            "Prepend" => new PrependNormalizer(part["prepend"].Text()),
            "Replace" => new ReplaceNormalizer(PatternReading.Read(part["pattern"]), part["content"].Text()),
            "Lowercase" => new LowercaseNormalizer(),
            "Strip" => new StripNormalizer(part.Flag("strip_left", otherwise: true), part.Flag("strip_right", otherwise: true)),
            "StripAccents" => new ReplaceNormalizer(new RegexPattern(@"\p{M}"), ""),
            "ByteLevel" => new ByteLevelNormalizer(),
            _ when UnicodeForm.TryFind(type) is { } form => new UnicodeNormalizer(form),
            _ => throw part.Unsupported("normalizer", Supported),
        };
    }
}
