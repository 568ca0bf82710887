using Moesaic.Tokenizers.Loading;
using Moesaic.Tokenizers.PreTokenizers;

namespace Moesaic.Tokenizers.Decoders;

/// <summary>Reads the key "decoder".</summary>
internal static class DecoderReader
{
    internal static Decoder Read(JsonPart? part) => part is { } given ? Read(given) : new JoinDecoder();

    private static Decoder Read(JsonPart part) => part["type"].Text() switch
    {
        "Sequence" => new DecoderSequence([.. part["decoders"].Items().Select(Read)]),
        "ByteLevel" => new ByteLevelDecoder(),
        "Replace" => new ReplaceDecoder(PatternReading.Read(part["pattern"]), part["content"].Text()),
        "ByteFallback" => new ByteFallbackDecoder(),
        "Fuse" => new FuseDecoder(),
        "Strip" => new StripDecoder(part["content"].Character(), part["start"].Count(), part["stop"].Count()),
        "Metaspace" => ReadMetaspace(part),
        _ => throw part.Unsupported("decoder", "ByteLevel, Replace, ByteFallback, Fuse, Strip, Metaspace or Sequence"),
    };

    private static MetaspaceDecoder ReadMetaspace(JsonPart part)
    {
        var (replacement, scheme) = MetaspaceReader.Read(part);
        return new(replacement, scheme);
    }
}
