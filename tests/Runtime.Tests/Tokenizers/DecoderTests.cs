using System.Text;
using System.Text.Json;
using Moesaic.Tokenizers.Decoders;
using Moesaic.Tokenizers.Loading;

namespace Moesaic.Runtime.Tests.Tokenizers;

/// <summary>Each decoder by itself; tokens are separated by |.</summary>
public sealed class DecoderTests
{
    private const string Llama = """
        { "type": "Sequence", "decoders": [
          { "type": "Replace", "pattern": { "String": "▁" }, "content": " " }, { "type": "ByteFallback" }, { "type": "Fuse" },
          { "type": "Strip", "content": " ", "start": 1, "stop": 0 }] }
        """;

    [Theory]
    [InlineData("""{ "type": "ByteLevel" }""", "Ġa|Ã©|Ċ", " aé\n")]
    [InlineData("""{ "type": "ByteLevel" }""", "Ã|©", "é")]
    [InlineData("""{ "type": "ByteLevel" }""", "Ã|a", "\uFFFDa")]
    [InlineData("""{ "type": "ByteLevel" }""", "ðŁĺ", "\uFFFD")] // one for a character that is cut off
    [InlineData("""{ "type": "ByteLevel" }""", "ĺ|Ģ", "\uFFFD\uFFFD")] // one for each byte that starts none
    [InlineData("""{ "type": "ByteLevel" }""", "a b|Ġ中", "a bĠ中")] // characters that are no byte's stand for themselves
    [InlineData(Llama, "▁▁a|▁b", " a b")]
    [InlineData(Llama, "<0xE4>|<0xB8>|<0xAD>|▁a", "中 a")]
    [InlineData(Llama, "<0xE4>|<0xB8>|a", "\uFFFD\uFFFDa")] // a run with an error is one U+FFFD a byte
    [InlineData(Llama, "<0x41>|<0xE4>", "\uFFFD\uFFFD")]
    [InlineData(Llama, "<0x20>|<0x20>|a", " a")]
    [InlineData(Llama, "<0xG0>|<0x1>", "<0xG0><0x1>")]
    [InlineData(Llama, "", "")]
    [InlineData("""{ "type": "Strip", "content": "_", "start": 2, "stop": 1 }""", "___a__|_b_", "_a_b")]
    [InlineData("""{ "type": "Sequence", "decoders": [{ "type": "Fuse" }, { "type": "Strip", "content": "_", "start": 1, "stop": 2 }] }""", "_|_a_|b_|_|_", "_a_b_")]
    [InlineData("""{ "type": "Metaspace", "replacement": "▁" }""", "▁a|▁b▁", "a b ")]
    [InlineData("""{ "type": "Metaspace", "replacement": "▁" }""", "▁▁|▁b", " b")] // the first token loses all of them
    [InlineData("""{ "type": "Metaspace", "replacement": "▁", "prepend_scheme": "never" }""", "▁a|▁b", " a b")]
    [InlineData("""{ "type": "Sequence", "decoders": [{ "type": "Fuse" }, { "type": "Replace", "pattern": { "String": "ab" }, "content": "x" }] }""", "a|b|a", "xa")]
    [InlineData("""{ "type": "Sequence", "decoders": [{ "type": "Fuse" }, { "type": "Replace", "pattern": { "Regex": "b+" }, "content": "x" }] }""", "ab|b|a", "axa")]
    [InlineData("null", "a|b", "a b")]
    public void Tokens_BecomeText(string json, string tokens, string expected)
    {
        using var document = JsonDocument.Parse(json);
        var decoder = DecoderReader.Read(document.RootElement.ValueKind == JsonValueKind.Null ? null : new JsonPart("tokenizer.json", "decoder", document.RootElement));
        var text = new TextStage();
        var first = decoder.Begin(text);
        var streamed = new StringBuilder();
        foreach (var token in tokens.Length == 0 ? [] : tokens.Split('|'))
        {
            first.Push(new(token));
            streamed.Append(text.Take());
        }

        first.Finish();

        Assert.Equal(expected, streamed.Append(text.Take()).ToString());
    }
}
