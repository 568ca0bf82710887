using System.Text.Json.Nodes;
using Microsoft.CodeAnalysis;
using Moesaic.Generators.Tests.Harness;

namespace Moesaic.Generators.Tests.Checkpoints;

/// <summary>A checkpoint that is not as declared: what is said, and where.</summary>
public sealed class CheckpointDiagnosticsTests
{
    [Theory]
    [InlineData("model.layers.1.self_attn.q_norm.weight", "SelfAttn", "declare what it fills")]
    [InlineData("model.layers.0.self_attn.q_proj.bias", "SelfAttn", "bias: true")]
    [InlineData("model.layers.0.block_sparse_moe.e_score_correction_bias", "BlockSparseMoe", "SelectionBias = \"e_score_correction_bias\"")]
    [InlineData("model.layers.0.block_sparse_moe.experts.0.w1.bias", "BlockSparseMoe", "[ExpertWeights(Bias = true)]")]
    [InlineData("model.layers.0.block_sparse_moe.shared_expert.up_proj.weight", "BlockSparseMoe", "[SharedExperts]")]
    [InlineData("model.layers.3.input_layernorm.weight", "MixtralForCausalLm", "Ignored = [\"model.layers.{num_hidden_layers}.*\"]")]
    public async Task Moe0023_UnclaimedTensor(string tensor, string place, string advice)
    {
        var golden = new GoldenCheckpoint("mixtral");
        golden.Tensors.Add(tensor, [32]);
        var finding = Assert.Single(await golden.Check());
        Is("MOE0023", place, finding, tensor, advice);
    }

    [Fact]
    public async Task Moe0023_OfABlockOfManyParts_NamesTheBlock()
    {
        var golden = new GoldenCheckpoint("deepseek_v3");
        golden.Tensors.Add("model.layers.1.mlp.router.weight", [8, 32]);
        Is("MOE0023", "Mlp", Assert.Single(await golden.Check()), "fills nothing that `DeepseekV3DecoderLayer.Mlp` declares");
    }

    /// <summary>What config.json says of the routing is read, stated, or declared with its values; what says nothing needs nobody.</summary>
    [Theory]
    [InlineData("routed_scaling_factor", "2.5", true)]
    [InlineData("routed_scaling_factor", "1.0", false)]
    [InlineData("n_group", "4", true)]
    [InlineData("n_group", "1", false)]
    [InlineData("scoring_func", "\"sigmoid\"", true)]
    [InlineData("hidden_act", "\"silu\"", false)] // [ConfigSupports]
    [InlineData("num_experts_per_tok", "2", false)]
    public async Task Moe0040_UnreadRouting(string key, string value, bool reported)
    {
        var golden = new GoldenCheckpoint("mixtral");
        golden.Config[key] = JsonNode.Parse(value);
        var found = await golden.Check();
        Assert.Equal(reported ? ["MOE0040"] : [], found.Select(static finding => finding.Id));
        if (reported)
        {
            Is("MOE0040", "MixtralConfig", found[0], $"`{key}` is {value}");
        }
    }

    [Fact]
    public async Task Moe0023_StackedExperts_AreToldAsOneThing()
    {
        var golden = new GoldenCheckpoint("mixtral");
        foreach (var name in golden.Tensors.Keys.Where(static name => name.Contains(".experts.", StringComparison.Ordinal)).ToArray())
        {
            golden.Tensors.Remove(name);
        }

        for (var layer = 0; layer < 3; layer++)
        {
            golden.Tensors.Add($"model.layers.{layer}.block_sparse_moe.experts.gate_up_proj", [8, 32, 48]);
            golden.Tensors.Add($"model.layers.{layer}.block_sparse_moe.experts.gate_up_proj_bias", [8, 48]);
        }

        var found = await golden.Check();
        Assert.Contains(
            "`model.layers.0.block_sparse_moe.experts.gate_up_proj` and 2 more such",
            Assert.Single(found, static f => f.GetMessage(null).Contains("is stacked and, as in gpt-oss, interleaved", StringComparison.Ordinal)).GetMessage(null),
            StringComparison.Ordinal);
        Assert.Equal(3, found.Count(static f => f.Id == "MOE0024")); // w1, w3 and w2, once each.
    }

    [Theory]
    [InlineData("model.layers.2.input_layernorm.weight", "InputLayernorm", "MixtralDecoderLayer.InputLayernorm")]
    [InlineData("model.layers.1.block_sparse_moe.gate.weight", "BlockSparseMoe", "[RouterWeights] on MixtralSparseMoeBlock")]
    [InlineData("model.layers.1.block_sparse_moe.experts.7.w2.weight", "BlockSparseMoe", "[ExpertWeights] on MixtralSparseMoeBlock")]
    [InlineData("model.embed_tokens.weight", "MixtralForCausalLm", "MixtralForCausalLm")]
    [InlineData("lm_head.weight", "MixtralForCausalLm", "MixtralForCausalLm")]
    public async Task Moe0024_UnfilledParameter(string tensor, string place, string declaration)
    {
        var golden = new GoldenCheckpoint("mixtral");
        Assert.True(golden.Tensors.Remove(tensor));
        Is("MOE0024", place, Assert.Single(await golden.Check()), tensor, declaration);
    }

    [Fact]
    public async Task Moe0024_OneSideOfAConditionIsRequired()
    {
        var golden = new GoldenCheckpoint("qwen3_next");
        var lost = golden.Tensors.Keys.First(static name => name.EndsWith("linear_attn.out_proj.weight", StringComparison.Ordinal));
        golden.Tensors.Remove(lost);
        Is("MOE0024", "LinearAttn", Assert.Single(await golden.Check()), lost);
    }

    [Theory]
    [InlineData("num_hidden_layers", null, "MOE0025", "expected a whole number, found none")]
    [InlineData("num_hidden_layers", "\"three\"", "MOE0025", "expected a whole number, found \"three\"")]
    [InlineData("use_sliding_window", "1", "MOE0025", "expected true or false, found 1")]
    [InlineData("hidden_act", "\"gelu\"", "MOE0025", "expected \"silu\", found \"gelu\"")]
    [InlineData("num_experts", "3", "MOE0026", "`NumExperts` reads both")]
    public async Task Moe0025_Moe0026_Config(string key, string? value, string id, string text)
    {
        var golden = new GoldenCheckpoint("qwen3_moe");
        golden.Config.Remove(key);
        if (value is not null)
        {
            golden.Config[key] = JsonNode.Parse(value);
        }

        var finding = Assert.Single(await golden.Check(), finding => finding.Id == id);
        Assert.Contains(text, finding.GetMessage(null), StringComparison.Ordinal);
        Assert.True(finding.Location.IsInSource);
    }

    [Theory]
    [InlineData("mixtral", "model.layers.0.block_sparse_moe.experts.0.w1.weight", "is transposed")]
    [InlineData("mixtral", "model.layers.0.self_attn.k_proj.weight", "is transposed")]
    [InlineData("gpt_oss", "model.layers.0.mlp.experts.gate_up_proj", "is transposed")]
    public async Task Moe0027_MisshapenTensor(string name, string tensor, string advice)
    {
        var golden = new GoldenCheckpoint(name);
        (golden.Tensors[tensor][^1], golden.Tensors[tensor][^2]) = (golden.Tensors[tensor][^2], golden.Tensors[tensor][^1]);
        var finding = Assert.Single(await golden.Check());
        Assert.Equal("MOE0027", finding.Id);
        Assert.Contains(tensor, finding.GetMessage(null), StringComparison.Ordinal);
        Assert.Contains(advice, finding.GetMessage(null), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("MixtralForCausalLm", "{}", null, "moesaic inspect --manifest")]
    [InlineData("MixtralForCausalLm", "{}", "{}", "expected a `weight_map`")]
    [InlineData("MixtralForCausalLm", "{", "{ \"weight_map\": {} }", "expected a name in line 1")]
    [InlineData("MixtralForCausalLm", "[]", "{ \"weight_map\": {} }", "expected an object, found a list")]
    [InlineData("MixtralForCausalLM", "{}", "{ \"weight_map\": {} }", "no model `MixtralForCausalLM`")]
    public async Task Moe0028_Unchecked(string model, string config, string? tensors, string text)
    {
        var finding = Assert.Single(await CheckpointRun.Of(GoldenCheckpoint.Declarations, model, config, tensors));
        Assert.Equal("MOE0028", finding.Id);
        Assert.Contains(text, finding.GetMessage(null), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pragma_SilencesOne()
    {
        var golden = new GoldenCheckpoint("mixtral");
        golden.Tensors.Remove("model.layers.2.input_layernorm.weight");
        var source = Sources.Mixtral.Replace(
            "    public RmsNorm InputLayernorm", "#pragma warning disable MOE0024\n    public RmsNorm InputLayernorm", StringComparison.Ordinal);
        Assert.Empty(await golden.Check(GoldenCheckpoint.Compile([source])));
    }

    private static void Is(string id, string place, Diagnostic finding, params string[] texts)
    {
        Assert.Equal(id, finding.Id);
        Assert.Equal(place, finding.Location.SourceTree!.GetText(default).ToString(finding.Location.SourceSpan));
        Assert.All(texts, text => Assert.Contains(text, finding.GetMessage(null), StringComparison.Ordinal));
    }
}
