using System.Text.Json;
using Moesaic.Tokenizers.Loading;
using Moesaic.Tokenizers.PreTokenizers;

namespace Moesaic.Runtime.Tests.Tokenizers;

/// <summary>Each pre-tokenizer by itself.</summary>
public sealed class PreTokenizerTests
{
    [Theory]
    [InlineData("Removed", false, "the|final|countdown")]
    [InlineData("Isolated", false, "the|-|final|-|-|countdown")]
    [InlineData("MergedWithPrevious", false, "the-|final-|-|countdown")]
    [InlineData("MergedWithNext", false, "the|-final|-|-countdown")]
    [InlineData("Contiguous", false, "the|-|final|--|countdown")]
    [InlineData("Removed", true, "-|-|-")]
    [InlineData("Isolated", true, "the|-|final|-|-|countdown")]
    [InlineData("MergedWithPrevious", true, "the|-final|-|-countdown")]
    [InlineData("MergedWithNext", true, "the-|final-|-|countdown")]
    [InlineData("Contiguous", true, "the|-|final|--|countdown")]
    public void Split_TreatsMatchesAsTold(string behavior, bool invert, string expected)
    {
        var flag = invert ? "true" : "false";
        Assert.Equal(expected, Split($$"""{ "type": "Split", "pattern": { "String": "-" }, "behavior": "{{behavior}}", "invert": {{flag}} }""", "the-final--countdown"));
        Assert.Equal(expected, Split($$"""{ "type": "Split", "pattern": { "Regex": "-" }, "behavior": "{{behavior}}", "invert": {{flag}} }""", "the-final--countdown"));
    }

    [Theory]
    // An empty match splits too: digits in threes, from the right.
    [InlineData("""{ "type": "Split", "pattern": { "Regex": "(?=(\\d{3})+(?!\\d))" }, "behavior": "Isolated", "invert": false }""", "12345678 123", "12|345|678 |123")]
    [InlineData("""{ "type": "Digits", "individual_digits": true }""", "a12²b", "a|1|2|²|b")]
    [InlineData("""{ "type": "Digits" }""", "a12²b", "a|12²|b")]
    [InlineData("""{ "type": "Punctuation" }""", "a,b$«c»", "a|,|b|$|«|c|»")]
    [InlineData("""{ "type": "Punctuation", "behavior": "Contiguous" }""", "a,.b", "a|,.|b")]
    [InlineData("""{ "type": "Whitespace" }""", "a_b, c!?\n😀", "a_b|,|c|!?|😀")]
    [InlineData("""{ "type": "WhitespaceSplit" }""", " a b,\u0085c\u200Bd ", "a|b,|c\u200Bd")]
    [InlineData("""{ "type": "CharDelimiterSplit", "delimiter": "|" }""", "a|b", "a/b")]
    [InlineData("""{ "type": "Sequence", "pretokenizers": [{ "type": "WhitespaceSplit" }, { "type": "Digits", "individual_digits": true }] }""", "a1 2b", "a|1|2|b")]
    [InlineData("""{ "type": "ByteLevel", "add_prefix_space": false }""", "it's 12 é!\n\n x", "it|'s|Ġ12|ĠÃ©|!|ĊĊ|Ġx")]
    [InlineData("""{ "type": "ByteLevel" }""", "a b", "Ġa|Ġb")]
    [InlineData("""{ "type": "ByteLevel", "use_regex": false }""", " a b", "ĠaĠb")]
    [InlineData("""{ "type": "Metaspace", "replacement": "▁" }""", "a  b", "▁a|▁|▁b")]
    [InlineData("""{ "type": "Metaspace", "replacement": "▁", "prepend_scheme": "always", "split": false }""", "a b", "▁a▁b")]
    [InlineData("""{ "type": "Metaspace", "replacement": "▁", "prepend_scheme": "never" }""", "a b", "a|▁b")]
    [InlineData("""{ "type": "Metaspace", "replacement": "▁", "add_prefix_space": false, "prepend_scheme": "never" }""", "a b", "a|▁b")]
    [InlineData("""{ "type": "Metaspace", "replacement": "▁", "add_prefix_space": false }""", "a b", "a|▁b")]
    [InlineData("""{ "type": "Metaspace", "replacement": "▁" }""", " a", "▁a")]
    [InlineData("""{ "type": "Metaspace", "replacement": "▁" }""", "▁a", "▁a")]
    public void Text_SplitsIntoPieces(string json, string text, string expected) =>
        Assert.Equal(expected, Split(json, text, expected.Contains('/', StringComparison.Ordinal) ? '/' : '|'));

    [Fact]
    public void MetaspaceFirst_PrependsOnlyAtTheStart()
    {
        const string First = """{ "type": "Metaspace", "replacement": "▁", "prepend_scheme": "first", "split": false }""";

        Assert.Equal("▁a▁b", Split(First, "a b"));
        Assert.Equal("a▁b", Split(First, "a b", atStart: false));
        Assert.Equal("▁a|b", Split($$"""{ "type": "Sequence", "pretokenizers": [{ "type": "Digits" }, { "type": "WhitespaceSplit" }, {{First}}] }""", "a b"));
    }

    private static string Split(string json, string text, char separator = '|', bool atStart = true)
    {
        using var document = JsonDocument.Parse(json);
        var pieces = new Pieces(text.AsMemory(), atStart);
        PreTokenizerReader.Read(new JsonPart("tokenizer.json", "pre_tokenizer", document.RootElement)).Apply(pieces);
        return string.Join(separator, Enumerable.Range(0, pieces.Count).Select(index => pieces[index].ToString()));
    }
}
