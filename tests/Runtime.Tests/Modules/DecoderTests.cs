using TorchSharp;
using static TorchSharp.torch;

namespace Moesaic.Runtime.Tests.Modules;

public sealed class DecoderTests
{
    private static readonly int[] Prompt = [3, 14, 15, 9, 26, 5, 35, 8, 9, 7, 9, 32];

    public static TheoryData<int?> Windows() => [null, 1, 3, 5, 100];

    [Theory]
    [MemberData(nameof(Windows))]
    public void StepByStep_EqualsOnePass(int? window)
    {
        using var scope = NewDisposeScope();
        using var model = TinyDecoder.Random(new() { SlidingWindow = window });
        var whole = model.forward(Ids(Prompt));

        using var cache = new GenerationCache();
        var steps = cat([Pass(model, Prompt[..4], cache), Pass(model, Prompt[4..5], cache), Pass(model, Prompt[5..9], cache), Pass(model, Prompt[9..], cache)], 1);

        Near(whole, steps);
    }

    [Fact]
    public void LeftPaddedRow_GivesWhatItGivesAlone()
    {
        using var scope = NewDisposeScope();
        using var model = TinyDecoder.Random(new() { SlidingWindow = 4 });
        int[] shorter = Prompt[..7];
        var alone = model.forward(Ids(shorter));

        var batch = stack([Ids(Prompt).squeeze(0), Ids([0, 0, 0, 0, 0, .. shorter]).squeeze(0)]);
        using var cache = new GenerationCache();
        using var context = new AttentionContext(2, Prompt.Length, CPU, cache, leftPadding: [0, 5]);
        var together = model.forward(batch, context);
        cache.Advance(context);
        Near(alone, together.narrow(0, 1, 1).narrow(1, 5, 7));

        // The next token knows of the padding from the cache.
        using var next = new AttentionContext(2, 1, CPU, cache);
        var step = model.forward(tensor(new long[] { 11, 12 }).view(2, 1), next);
        Near(model.forward(Ids([.. shorter, 12])).narrow(1, 7, 1), step.narrow(0, 1, 1));
        Near(model.forward(Ids([.. Prompt, 11])).narrow(1, 12, 1), step.narrow(0, 0, 1));
    }

    [Fact]
    public void LaterTokens_DoNotChangeEarlierOnes()
    {
        using var scope = NewDisposeScope();
        using var model = TinyDecoder.Random();
        Near(model.forward(Ids(Prompt[..6])), model.forward(Ids([.. Prompt[..6], 1, 2, 3])).narrow(1, 0, 6));
    }

    [Fact]
    public void LastLogits_AreTheLastOfAll()
    {
        using var scope = NewDisposeScope();
        using var model = TinyDecoder.Random();
        using var context = new AttentionContext(1, Prompt.Length, CPU);
        Near(model.forward(Ids(Prompt)).select(1, Prompt.Length - 1), model.ForwardLast(Ids(Prompt), context));
    }

    [Fact]
    public void TiedHead_IsTheEmbedding()
    {
        using var scope = NewDisposeScope();
        using var model = TinyDecoder.Random(new() { TieWordEmbeddings = true });
        Assert.DoesNotContain("lm_head.weight", model.state_dict().Keys);
        Assert.Equal([1L, 12, 50], model.forward(Ids(Prompt)).shape);
    }

    [Fact]
    public void StateDict_HasTheNamesOfTheCheckpoint()
    {
        using var model = TinyDecoder.Random(new() { NumHiddenLayers = 1 });
        string[] expected =
        [
            "lm_head.weight",
            "model.embed_tokens.weight",
            "model.layers.0.input_layernorm.weight",
            "model.layers.0.mlp.down_proj.weight",
            "model.layers.0.mlp.gate_proj.weight",
            "model.layers.0.mlp.up_proj.weight",
            "model.layers.0.post_attention_layernorm.weight",
            "model.layers.0.self_attn.k_proj.weight",
            "model.layers.0.self_attn.o_proj.weight",
            "model.layers.0.self_attn.q_proj.weight",
            "model.layers.0.self_attn.v_proj.weight",
            "model.norm.weight",
        ];
        Assert.Equal(expected, model.state_dict().Keys.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void IdOutsideTheVocabulary_IsRefused()
    {
        using var model = TinyDecoder.Random();
        using var ids = Ids([1, 50]);
        var error = Assert.Throws<GenerationException>(() => model.forward(ids));
        Assert.Contains("50", error.Message);
        Assert.Contains("49", error.Message);
    }

    [Fact]
    public void Cast_ReachesEveryParameter()
    {
        using var scope = NewDisposeScope();
        using var model = TinyDecoder.Random();
        model.to(bfloat16);
        Assert.All(model.parameters(), parameter => Assert.Equal(bfloat16, parameter.dtype));
        Assert.Equal(bfloat16, model.forward(Ids(Prompt)).dtype);
        Assert.Same(model.LmHead!.Weight, model.state_dict()["lm_head.weight"]);
    }

    [Fact]
    public void APass_LeavesNothing()
    {
        using var model = TinyDecoder.Random();
        using var ids = Ids(Prompt);
        using var tensors = new NewTensors();
        using (var cache = new GenerationCache())
        using (var context = new AttentionContext(1, Prompt.Length, CPU, cache))
        {
            model.forward(ids, context).Dispose();
        }

        Assert.Equal(0, tensors.Count);
    }

    private static Tensor Pass(TinyDecoder model, int[] ids, GenerationCache cache)
    {
        using var context = new AttentionContext(1, ids.Length, CPU, cache);
        var logits = model.forward(Ids(ids), context);
        cache.Advance(context);
        return logits;
    }

    private static Tensor Ids(int[] ids) => tensor(ids.Select(id => (long)id).ToArray(), [1, ids.Length]);

    private static void Near(Tensor expected, Tensor actual)
    {
        Assert.Equal(expected.shape, actual.shape);
        Assert.InRange((expected - actual).abs().max().item<float>(), 0, 2e-5);
    }
}
