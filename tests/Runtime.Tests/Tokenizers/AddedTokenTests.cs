using System.Text.Json.Nodes;
using Moesaic.Tokenizers;

namespace Moesaic.Runtime.Tests.Tokenizers;

/// <summary>How added tokens are found in the text.</summary>
public sealed class AddedTokenTests
{
    private const int Id = 1000;

    [Theory]
    [InlineData("", "a<x>b <x> c", "a[1000]b [1000] c")]
    [InlineData("lstrip", "a \n<x> b", "a[1000] b")]
    [InlineData("rstrip", "a <x> \tb", "a [1000]b")]
    [InlineData("lstrip rstrip", " <x> <x> b", "[1000][1000]b")]
    [InlineData("single_word", "a<x> <x>a a_<x> (<x>) <x>", "a<x> <x>a a_<x> ([1000]) [1000]")]
    public void Flags_DecideWhereATokenIsFound(string flags, string text, string expected) =>
        Assert.Equal(expected, Show(Load([Token("<x>", Id, flags)]), text));

    [Fact]
    public void LongestOfTheLeftmost_IsFound() =>
        Assert.Equal("[1001][1000]x>>[1002]x>", Show(Load([Token("<x>", Id), Token("<x>>", Id + 1), Token("e<", Id + 2)]), "<x>><x>x>>e<x>"));

    [Fact]
    public void NormalizedToken_IsFoundInNormalizedText()
    {
        var tokenizer = TokenizerData.LoadEdited(TokenizerData.ByteLevel, static document =>
        {
            document["normalizer"] = JsonNode.Parse("""{ "type": "Lowercase" }""");
            document["added_tokens"]!.AsArray().Add(Token("<Day>", Id, "normalized"));
            document["added_tokens"]!.AsArray().Add(Token("<Raw>", Id + 1));
        });

        Assert.Equal("[1000][1000] [1001] <raw>", Show(tokenizer, "<DAY><day> <Raw> <RAW>"));
    }

    [Fact]
    public void NormalizedIsTheOppositeOfSpecial_WhereTheFileIsSilent()
    {
        var tokenizer = TokenizerData.LoadEdited(TokenizerData.ByteLevel, static document =>
        {
            document["normalizer"] = JsonNode.Parse("""{ "type": "Lowercase" }""");
            document["added_tokens"]!.AsArray().Add(JsonNode.Parse("""{ "id": 1000, "content": "<X>" }"""));
            document["added_tokens"]!.AsArray().Add(JsonNode.Parse("""{ "id": 1001, "content": "<Y>", "special": true }"""));
        });

        Assert.Equal("[1000] <y>", Show(tokenizer, "<x> <y>"));
    }

    [Fact]
    public void SpecialTokens_AreSkippedAndOthersAreNot()
    {
        var tokenizer = Load([Token("<x>", Id, "special"), Token("<y>", Id + 1)]);

        Assert.Equal("<y>a", tokenizer.Decode([Id, Id + 1, tokenizer.IdOf("a")!.Value]));
        Assert.True(tokenizer.IsSpecial(Id));
        Assert.False(tokenizer.IsSpecial(Id + 1));
        Assert.False(tokenizer.IsSpecial(-1));
    }

    [Fact]
    public void Ids_MayHaveGaps()
    {
        var tokenizer = Load([Token("<x>", Id)]);

        Assert.Equal(Id + 1, tokenizer.VocabularySize);
        Assert.Null(tokenizer.TokenOf(Id - 1));
        Assert.Null(tokenizer.TokenOf(Id + 1));
        Assert.Null(tokenizer.IdOf("<nothing>"));
        Assert.Contains($"token id {Id - 1} has no token", Assert.Throws<TokenizerException>(() => tokenizer.Decode([Id - 1])).Message, StringComparison.Ordinal);
    }

    private static JsonNode Token(string content, int id, string flags = "") => new JsonObject
    {
        ["id"] = id,
        ["content"] = content,
        ["single_word"] = flags.Contains("single_word", StringComparison.Ordinal),
        ["lstrip"] = flags.Contains("lstrip", StringComparison.Ordinal),
        ["rstrip"] = flags.Contains("rstrip", StringComparison.Ordinal),
        ["normalized"] = flags.Contains("normalized", StringComparison.Ordinal),
        ["special"] = flags.Contains("special", StringComparison.Ordinal),
    };

    private static Tokenizer Load(JsonNode[] tokens) => TokenizerData.LoadEdited(TokenizerData.ByteLevel, document =>
    {
        foreach (var token in tokens)
        {
            document["added_tokens"]!.AsArray().Add(token);
        }
    });

    /// <summary>Added tokens as [id], the others as they decode, each by itself.</summary>
    private static string Show(Tokenizer tokenizer, string text)
    {
        var shown = "";
        foreach (var id in tokenizer.Encode(text, addSpecialTokens: false))
        {
            shown += id < Id ? tokenizer.Decode([id]) : $"[{id}]";
        }

        return shown;
    }
}
