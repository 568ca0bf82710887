using System.Diagnostics;
using System.Text.Json.Nodes;
using Microsoft.CodeAnalysis;
using Moesaic.Generators.Tests.Harness;
using Xunit.Abstractions;

namespace Moesaic.Generators.Tests.Checkpoints;

/// <summary>A large index is read once, and compared once for each state of the declaration.</summary>
public sealed class CheckpointCachingTests(ITestOutputHelper output)
{
    private const int Experts = 400;
    private const int Layers = 84;

    private readonly CheckpointFile _config = new("large", "MixtralForCausalLm", "config", Config());
    private readonly CheckpointFile _index = new("large", "MixtralForCausalLm", "index", Index());
    private readonly Compilation _compilation = GoldenCheckpoint.Compile([Sources.Mixtral, "public sealed class Other;"]);

    /// <summary>What that costs on a quiet machine stands in benchmarks/README.md.</summary>
    [Fact]
    public async Task AHundredThousandTensors_AreAllClaimed()
    {
        var watch = Stopwatch.StartNew();
        Assert.Empty(await Check(_compilation));
        output.WriteLine($"{watch.Elapsed.TotalMilliseconds:F0} ms");
    }

    [Fact]
    public async Task UnrelatedEdit_ChecksNothingAgain()
    {
        var wrong = WithoutNorm(_compilation);
        var before = Assert.Single(await Check(wrong));
        var after = Assert.Single(await Check(Edited(wrong, "Source1.cs", "public sealed class Other { public int Changed; }")));
        Assert.Same(before, after); // Not one like it: the very finding of the check before.
    }

    [Fact]
    public async Task EditOfTheDeclaration_ChecksAgain()
    {
        Assert.Empty(await Check(_compilation));
        Assert.Single(await Check(WithoutNorm(_compilation)));
        Assert.Empty(await Check(_compilation));
    }

    private Task<System.Collections.Immutable.ImmutableArray<Diagnostic>> Check(Compilation compilation) => CheckpointRun.Of(compilation, _config, _index);

    private static Compilation WithoutNorm(Compilation compilation) => Edited(
        compilation, "Source0.cs", Sources.Mixtral.Replace("new(config.HiddenSize, config.RmsNormEps);\n    public MixtralSparse", "null!;\n    public MixtralSparse", StringComparison.Ordinal));

    private static Compilation Edited(Compilation compilation, string path, string source)
    {
        var tree = compilation.SyntaxTrees.First(tree => tree.FilePath == path);
        return tree.ToString() == source ? compilation : compilation.ReplaceSyntaxTree(tree, TestCompilation.Parse(source, path));
    }

    private static string Config() => new JsonObject
    {
        ["vocab_size"] = 1000,
        ["hidden_size"] = 64,
        ["intermediate_size"] = 128,
        ["num_hidden_layers"] = Layers,
        ["num_attention_heads"] = 4,
        ["num_key_value_heads"] = 2,
        ["num_local_experts"] = Experts,
        ["num_experts_per_tok"] = 2,
    }.ToJsonString();

    private static string Index()
    {
        string[] layer = ["input_layernorm", "post_attention_layernorm", "self_attn.q_proj", "self_attn.k_proj", "self_attn.v_proj", "self_attn.o_proj", "block_sparse_moe.gate"];
        var names = new List<string> { "model.embed_tokens.weight", "model.norm.weight", "lm_head.weight" };
        for (var i = 0; i < Layers; i++)
        {
            names.AddRange(layer.Select(name => $"model.layers.{i}.{name}.weight"));
            names.AddRange(Enumerable.Range(0, Experts).SelectMany(e => new[] { "w1", "w2", "w3" }.Select(w => $"model.layers.{i}.block_sparse_moe.experts.{e}.{w}.weight")));
        }

        return new JsonObject { ["weight_map"] = new JsonObject(names.Select(name => KeyValuePair.Create(name, (JsonNode?)"model-00001-of-00100.safetensors"))) }.ToJsonString();
    }
}
