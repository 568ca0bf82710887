using System.Diagnostics;
using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Moesaic.Generators.Diagnostics;
using Moesaic.Generators.Tests.Harness;

namespace Moesaic.Benchmarks.Generators;

/// <summary>A Mixtral of 84 layers and 400 experts against its index: 101 391 tensors.</summary>
internal static class CheckpointBenchmark
{
    private const int Layers = 84;
    private const int Experts = 400;

    private const string Config = """
        {
          "vocab_size": 1000, "hidden_size": 64, "intermediate_size": 128, "num_hidden_layers": 84, "num_attention_heads": 4,
          "num_key_value_heads": 2, "num_local_experts": 400, "num_experts_per_tok": 2
        }
        """;

    public static async Task Run(string mixtral)
    {
        TestCompilation.Driver().RunGeneratorsAndUpdateCompilation(TestCompilation.Of(mixtral, "public sealed class Other;"), out var compilation, out _);
        var index = Index();
        var baseline = await Time(compilation, []);
        var cold = await Time(compilation, Files(index));
        var warm = new List<double>();
        for (var i = 0; i < 9; i++)
        {
            warm.Add(await Time(compilation, Files(index)));
        }

        var files = Files(index);
        await Time(compilation, files);
        var other = compilation.SyntaxTrees.First(static tree => tree.FilePath == "Source1.cs");
        var cached = await Time(compilation.ReplaceSyntaxTree(other, TestCompilation.Parse("public sealed class Other { public int I; }", other.FilePath)), files);
        Console.WriteLine($"index of {index.Length / 1_000_000.0:F1} MB; first in a process {cold:F0} ms ({baseline:F0} ms of it without a checkpoint), median {warm.Order().ElementAt(4):F0} ms, after an unrelated edit {cached:F1} ms");
    }

    private static AdditionalText[] Files(string index) =>
        [new CheckpointFile("large", "MixtralForCausalLm", "config", Config), new CheckpointFile("large", "MixtralForCausalLm", "index", index)];

    private static async Task<double> Time(Compilation compilation, AdditionalText[] files)
    {
        var analysis = compilation.WithAnalyzers(
            [new CheckpointAnalyzer()], new CompilationWithAnalyzersOptions(new AnalyzerOptions([.. files], new CheckpointFileOptions()), null, false, false));
        var watch = Stopwatch.StartNew();
        var found = await analysis.GetAnalyzerDiagnosticsAsync();
        return found.IsEmpty ? watch.Elapsed.TotalMilliseconds : throw new InvalidOperationException(found[0].ToString());
    }

    private static string Index()
    {
        string[] layer = ["input_layernorm", "post_attention_layernorm", "self_attn.q_proj", "self_attn.k_proj", "self_attn.v_proj", "self_attn.o_proj", "block_sparse_moe.gate"];
        var experts = Enumerable.Range(0, Experts).SelectMany(static e => new[] { "w1", "w2", "w3" }.Select(w => $"block_sparse_moe.experts.{e}.{w}")).ToArray();
        var names = Enumerable.Range(0, Layers).SelectMany(i => layer.Concat(experts).Select(name => $"model.layers.{i}.{name}.weight"))
            .Concat(["model.embed_tokens.weight", "model.norm.weight", "lm_head.weight"]);
        return new StringBuilder("{ \"metadata\": {}, \"weight_map\": {\n")
            .AppendJoin(",\n", names.Select(static name => $"    \"{name}\": \"model-00001-of-00100.safetensors\""))
            .Append("\n} }").ToString();
    }
}
