using System.Text.Json.Nodes;
using Moesaic.Tokenizers;

namespace Moesaic.Runtime.Tests.Tokenizers;

/// <summary>Byte-pair encoding on vocabularies small enough to follow by hand.</summary>
public sealed class BpeModelTests
{
    [Theory]
    [InlineData("aaa", "aa a")] // of equal ranks the left one
    [InlineData("aaaa", "aa aa")]
    [InlineData("abc", "a bc")] // the lowest rank first, wherever it is
    [InlineData("abcbc", "a bcbc")] // what a merge makes may merge again
    [InlineData("ab", "ab")]
    public void LowestRank_MergesFirst(string text, string expected) =>
        Assert.Equal(expected, Encode(Load(["a", "b", "c", "aa", "bc", "ab", "bcbc", "abc"], ["a a", "b c", "a b", "bc bc", "ab c"]), text));

    [Fact]
    public void WholeWord_WinsOnlyWhereMergesAreIgnored()
    {
        string[] tokens = ["a", "b", "c", "bc", "abc"];

        Assert.Equal("a bc", Encode(Load(tokens, ["b c"]), "abc"));
        Assert.Equal("abc", Encode(Load(tokens, ["b c"], """{ "ignore_merges": true }"""), "abc"));
    }

    [Theory]
    [InlineData("{}", "axya", "a a")]
    [InlineData("""{ "unk_token": "?" }""", "axya", "a ? ? a")]
    [InlineData("""{ "unk_token": "?", "fuse_unk": true }""", "axya", "a ? a")]
    [InlineData("""{ "unk_token": "?", "byte_fallback": true }""", "aéxa", "a <0xC3> <0xA9> ? a")] // x has no byte tokens
    public void UnknownCharacters_AreTreatedAsTold(string options, string text, string expected) =>
        Assert.Equal(expected, Encode(Load(["a", "?", "<0xC3>", "<0xA9>"], [], options), text));

    [Fact]
    public void WordsOfSentencePiece_MergeAsTheWholeTextDoes()
    {
        // The same vocabulary, once with a merge across words, which forbids cutting the text at ▁.
        string[] tokens = ["a", "▁", "b", "▁a", "▁▁", "a▁"];
        var cut = Load(tokens, ["▁ a", "▁ ▁"]);
        var whole = Load(tokens, ["▁ a", "▁ ▁", "a ▁"]);

        Assert.Equal("a ▁a ▁▁ ▁a b ▁", Encode(cut, "a▁a▁▁▁ab▁"));
        Assert.Equal("a ▁a ▁▁ ▁a b ▁", Encode(whole, "a▁a▁▁▁ab▁"));
        Assert.Equal("b a▁ b", Encode(whole, "ba▁b"));
        Assert.Equal("b a ▁ b", Encode(cut, "ba▁b"));
    }

    [Fact]
    public void Heap_MergesAsTheDefinitionDoes()
    {
        var random = new Random(31);
        for (var round = 0; round < 200; round++)
        {
            var (tokens, merges) = RandomModel(random);
            var tokenizer = Load([.. tokens], [.. merges.Select(static merge => $"{merge.Left} {merge.Right}")]);
            for (var i = 0; i < 20; i++)
            {
                var text = string.Concat(Enumerable.Range(0, random.Next(1, 40)).Select(_ => "abc"[random.Next(3)]));
                Assert.Equal(MergeByDefinition(text, merges), Encode(tokenizer, text));
            }
        }
    }

    private static (List<string> Tokens, List<(string Left, string Right)> Merges) RandomModel(Random random)
    {
        List<string> tokens = ["a", "b", "c"];
        List<(string Left, string Right)> merges = [];
        for (var i = 0; i < 12; i++)
        {
            var merge = (Left: tokens[random.Next(tokens.Count)], Right: tokens[random.Next(tokens.Count)]);
            if (!tokens.Contains(merge.Left + merge.Right))
            {
                merges.Add(merge);
                tokens.Add(merge.Left + merge.Right);
            }
        }

        return (tokens, merges);
    }

    /// <summary>Again and again the leftmost pair of the lowest rank.</summary>
    private static string MergeByDefinition(string text, List<(string Left, string Right)> merges)
    {
        var symbols = text.Select(static character => character.ToString()).ToList();
        while (true)
        {
            var best = Enumerable.Range(0, symbols.Count - 1).Select(i => (Rank: merges.IndexOf((symbols[i], symbols[i + 1])), At: i))
                .Where(static pair => pair.Rank >= 0).DefaultIfEmpty((Rank: -1, At: -1)).Min();
            if (best.Rank < 0)
            {
                return string.Join(' ', symbols);
            }

            symbols[best.At] += symbols[best.At + 1];
            symbols.RemoveAt(best.At + 1);
        }
    }

    private static Tokenizer Load(string[] tokens, string[] merges, string options = "{}")
    {
        var model = JsonNode.Parse(options)!.AsObject();
        model["type"] = "BPE";
        model["vocab"] = new JsonObject(tokens.Select(static (token, id) => KeyValuePair.Create(token, (JsonNode?)id)));
        model["merges"] = new JsonArray([.. merges.Select(static merge => (JsonNode)merge)]);
        return TokenizerData.LoadText(new JsonObject { ["model"] = model }.ToJsonString());
    }

    private static string Encode(Tokenizer tokenizer, string text) => string.Join(' ', tokenizer.Encode(text).Select(tokenizer.TokenOf));
}
