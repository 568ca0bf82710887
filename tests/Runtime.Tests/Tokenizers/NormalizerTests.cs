using System.Text.Json;
using Moesaic.Tokenizers.Loading;
using Moesaic.Tokenizers.Normalizers;

namespace Moesaic.Runtime.Tests.Tokenizers;

/// <summary>Each normalizer by itself.</summary>
public sealed class NormalizerTests
{
    [Theory]
    [InlineData("""{ "type": "Lowercase" }""", "ΟΔΟΣ İ ẞ 𐐀", "οδοσ i\u0307 ß 𐐨")] // each character by itself: no final sigma
    [InlineData("""{ "type": "Strip" }""", "\u0085 a b\u3000", "a b")]
    [InlineData("""{ "type": "Strip", "strip_left": false, "strip_right": true }""", " a ", " a")]
    [InlineData("""{ "type": "StripAccents" }""", "e\u0301\u0903é", "eé")]
    [InlineData("""{ "type": "Prepend", "prepend": "▁" }""", "a", "▁a")]
    [InlineData("""{ "type": "Prepend", "prepend": "▁" }""", "", "")]
    [InlineData("""{ "type": "Replace", "pattern": { "String": " " }, "content": "▁" }""", "a b ", "a▁b▁")]
    [InlineData("""{ "type": "Replace", "pattern": { "Regex": " {2,}" }, "content": "$1" }""", "a   b c", "a$1b c")]
    [InlineData("""{ "type": "NFKC" }""", "ﬁ", "fi")]
    [InlineData("""{ "type": "ByteLevel" }""", "é a", "Ã©Ġa")]
    [InlineData("""{ "type": "Sequence", "normalizers": [] }""", "é", "é")]
    [InlineData("""{ "type": "Sequence", "normalizers": [{ "type": "NFD" }, { "type": "StripAccents" }] }""", "é", "e")]
    public void Text_IsNormalized(string json, string text, string expected)
    {
        using var document = JsonDocument.Parse(json);

        Assert.Equal(expected, NormalizerReader.Read(new JsonPart("tokenizer.json", "normalizer", document.RootElement)).Normalize(text));
    }
}
