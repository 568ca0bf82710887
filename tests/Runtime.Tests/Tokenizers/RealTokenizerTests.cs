using System.Text.Json.Nodes;

namespace Moesaic.Runtime.Tests.Tokenizers;

/// <summary>Five tokenizers in use, against what the reference implementation computed: tests/data/tokens.json.</summary>
public sealed class RealTokenizerTests
{
    private static readonly JsonNode Expected = TokenizerData.ReadJson(Path.Combine(TokenizerData.Directory, "tokens.json"));

    public static TheoryData<string> Families => [.. RealTokenizers.Names];

    public static TheoryData<string, int> Cases
    {
        get
        {
            var cases = new TheoryData<string, int>();
            foreach (var name in RealTokenizers.Names)
            {
                for (var i = 0; i < Expected[name]!["cases"]!.AsArray().Count; i++)
                {
                    cases.Add(name, i);
                }
            }

            return cases;
        }
    }

    [RealTokenizerTheory]
    [MemberData(nameof(Cases))]
    public void Text_EncodesAndDecodesAsTheReference(string name, int index)
    {
        var tokenizer = RealTokenizers.Get(name);
        var expected = Expected[name]!["cases"]![index]!;
        var text = (string)expected["text"]!;

        Assert.Equal(expected["ids"].Ids(), tokenizer.Encode(text, addSpecialTokens: false));
        Assert.Equal(expected["ids_special"].Ids(), tokenizer.Encode(text));
        Assert.Equal((string)expected["decoded"]!, tokenizer.Decode(expected["ids"].Ids(), skipSpecialTokens: false));
    }

    [RealTokenizerTheory]
    [MemberData(nameof(Families))]
    public void RandomText_SurvivesARoundTrip(string name)
    {
        var tokenizer = RealTokenizers.Get(name);
        var random = new Random(11);
        for (var i = 0; i < 500; i++)
        {
            // Qwen composes its text first, and Llama 2's family keeps no leading space.
            var text = RandomText.Create(random, name == "qwen3" ? RandomText.Stable : RandomText.All).TrimStart(' ');
            Assert.Equal(text, tokenizer.Decode(tokenizer.Encode(text, addSpecialTokens: false), skipSpecialTokens: false));
        }
    }

    [RealTokenizerTheory]
    [MemberData(nameof(Families))]
    public void RandomIds_StreamAsTheyDecode(string name) => Streaming.AssertEqualsWhole(RealTokenizers.Get(name), new Random(12), rounds: 500);

    [RealTokenizerTheory]
    [MemberData(nameof(Families))]
    public void LongWord_TakesNoQuadraticTime(string name) => LongWords.AssertLinear(RealTokenizers.Get(name));

    [RealTokenizerTheory]
    [InlineData("qwen3", 151669, "<|im_end|>", 151645)]
    [InlineData("deepseek_v3", 128815, "<｜User｜>", 128803)]
    [InlineData("gptoss", 200019, "<|return|>", 200002)]
    [InlineData("llama3_1", 128256, "<|eot_id|>", 128009)]
    [InlineData("llama2", 32000, "</s>", 2)]
    public void Vocabulary_KnowsItsAddedTokens(string name, int size, string token, int id)
    {
        var tokenizer = RealTokenizers.Get(name);

        Assert.Equal(size, tokenizer.VocabularySize);
        Assert.Equal(id, tokenizer.IdOf(token));
        Assert.Equal(token, tokenizer.TokenOf(id));
        Assert.Equal([id], tokenizer.Encode(token, addSpecialTokens: false));
    }
}
