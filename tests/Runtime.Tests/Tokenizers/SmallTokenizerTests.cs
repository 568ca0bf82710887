using System.Text.Json.Nodes;
using Moesaic.Tokenizers;

namespace Moesaic.Runtime.Tests.Tokenizers;

/// <summary>The small tokenizers in the shapes of the real families, against another implementation: tests/data/tokenizers-small/make.mjs.</summary>
public sealed class SmallTokenizerTests
{
    private static readonly JsonArray Variants = TokenizerData.ReadJson(TokenizerData.Small("cases")).AsArray();

    public static TheoryData<string> Names => [.. Variants.Select(static variant => (string)variant!["name"]!)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Texts_EncodeAndDecodeAsExpected(string name)
    {
        var variant = Variants.Single(variant => (string)variant!["name"]! == name)!;
        var tokenizer = Load(variant);

        foreach (var expected in variant["cases"]!.AsArray())
        {
            var text = (string)expected!["text"]!;
            Assert.Equal(expected["ids"].Ids(), tokenizer.Encode(text, addSpecialTokens: false));
            Assert.Equal(expected["ids_special"].Ids(), tokenizer.Encode(text));
            Assert.Equal((string)expected["decoded"]!, tokenizer.Decode(expected["ids"].Ids(), skipSpecialTokens: false));
            Assert.Equal((string)expected["decoded_skipped"]!, tokenizer.Decode(expected["ids_special"].Ids()));
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void RandomIds_StreamAsTheyDecode(string name) =>
        Streaming.AssertEqualsWhole(Load(Variants.Single(variant => (string)variant!["name"]! == name)!), new Random(21), rounds: 300);

    [Fact]
    public void RandomText_SurvivesARoundTrip()
    {
        var tokenizer = TokenizerData.LoadSmall(TokenizerData.ByteLevel);
        var random = new Random(22);
        for (var i = 0; i < 1000; i++)
        {
            var text = RandomText.Create(random, RandomText.All);
            Assert.Equal(text, tokenizer.Decode(tokenizer.Encode(text, addSpecialTokens: false), skipSpecialTokens: false));
        }
    }

    [Fact]
    public void ConcurrentUse_GivesTheSameIds()
    {
        var random = new Random(23);
        var texts = Enumerable.Range(0, 400).Select(_ => RandomText.Create(random, RandomText.All)).ToArray();
        foreach (var name in new[] { TokenizerData.ByteLevel, TokenizerData.SentencePiece })
        {
            var alone = TokenizerData.LoadSmall(name);
            var expected = texts.Select(text => (Ids: alone.Encode(text), Text: alone.Decode(alone.Encode(text)))).ToArray();

            var shared = TokenizerData.LoadSmall(name);
            var found = new (int[] Ids, string Text)[texts.Length];
            Parallel.For(0, texts.Length * 4, new ParallelOptions { MaxDegreeOfParallelism = 8 }, i =>
                found[i % texts.Length] = (shared.Encode(texts[i % texts.Length]), shared.Decode(shared.Encode(texts[i % texts.Length]))));

            Assert.Equal(expected.Select(static one => one.Ids), found.Select(static one => one.Ids));
            Assert.Equal(expected.Select(static one => one.Text), found.Select(static one => one.Text));
        }
    }

    [Theory]
    [InlineData(TokenizerData.ByteLevel)]
    [InlineData(TokenizerData.SentencePiece)]
    public void LongWord_TakesNoQuadraticTime(string name) => LongWords.AssertLinear(TokenizerData.LoadSmall(name));

    [Fact]
    public void LoneSurrogate_IsTheReplacementCharacter()
    {
        var tokenizer = TokenizerData.LoadSmall(TokenizerData.ByteLevel);

        Assert.Equal("a\uFFFDb", tokenizer.Decode(tokenizer.Encode("a\uD83Db")));
        Assert.Equal(tokenizer.Encode("\uFFFD"), tokenizer.Encode("\uDE00"));
    }

    [Fact]
    public void MergesAsPairsAndAsStrings_AreTheSame()
    {
        var pairs = TokenizerData.LoadSmall(TokenizerData.ByteLevel);
        var strings = TokenizerData.LoadEdited(TokenizerData.ByteLevel, static document =>
            document["model"]!["merges"] = new JsonArray([.. document["model"]!["merges"]!.AsArray().Select(static pair => (JsonNode)$"{pair![0]} {pair[1]}")]));

        Assert.Equal(pairs.Encode("the experts 123"), strings.Encode("the experts 123"));
    }

    private static Tokenizer Load(JsonNode variant) => TokenizerData.LoadEdited((string)variant["base"]!, document =>
    {
        foreach (var (key, value) in variant["parts"]!.AsObject())
        {
            document[key] = value?.DeepClone();
        }

        foreach (var (key, value) in variant["model"]!.AsObject())
        {
            document["model"]![key] = value?.DeepClone();
        }
    });
}
