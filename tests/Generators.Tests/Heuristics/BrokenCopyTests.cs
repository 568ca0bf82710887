using Moesaic.Checkpoints;
using Moesaic.Generators.Tests.Harness;
using Moesaic.Verification;
using static TorchSharp.torch;

namespace Moesaic.Generators.Tests.Heuristics;

/// <summary>Copies of shipped models, each broken in one way that others load without a word.</summary>
public sealed class BrokenCopyTests
{
    private const string Mixtral = "[ExpertWeights(Gate = \"w1\", Up = \"w3\", Down = \"w2\")]";

    [Theory]
    [InlineData("mixtral", "Mixtral", Mixtral, "[ExpertWeights(Gate = \"w3\", Up = \"w1\", Down = \"w2\")]", "MOE0033")] // Gate and up swapped.
    [InlineData("olmoe", "Olmoe", "MoeBlock<SoftmaxTopKRouter, SwiGlu>]", "MoeBlock<SoftmaxTopKRouter, SwiGlu>, ExpertWeights(Gate = \"up_proj\", Up = \"gate_proj\")]", "MOE0033")]
    [InlineData("qwen3_moe", "Qwen3Moe", "public bool NormTopkProb { get; init; }", "public bool NormTopkProb => false;", "MOE0025")] // Renormalized otherwise.
    [InlineData("deepseek_v3", "DeepseekV3", "SelectionBias = \"gate.e_score_correction_bias\", ", "", "MOE0023")] // A bias dropped.
    [InlineData("lfm2_moe", "Lfm2Moe", "[RouterWeights(SelectionBias = \"expert_bias\")]", "", "MOE0023")]
    [InlineData("gpt_oss", "GptOss", "[RouterWeights(Name = \"router\", Bias = true)]", "[RouterWeights(Name = \"router\")]", "MOE0023")]
    [InlineData("gpt_oss", "GptOss", "Transposed = true, Bias = true", "Transposed = true", "MOE0023")]
    [InlineData("gpt_oss", "GptOss", ", Transposed = true", "", "MOE0027")] // Transposed, and not declared.
    [InlineData("aria_text", "Aria", ", Transposed = true", "", "MOE0027")]
    [InlineData("llama4_text", "Llama4", ", Transposed = true", "", "MOE0027")]
    [InlineData("granitemoe", "GraniteMoe", "Layout = ExpertLayout.Stacked", "Transposed = true, Layout = ExpertLayout.Stacked", "MOE0027")]
    public async Task CaughtByTheCompiler(string golden, string folder, string before, string after, string id) =>
        Assert.Contains(await Declarations.Find(golden, folder, (before, after)), finding => finding.StartsWith(id, StringComparison.Ordinal));

    /// <summary>What has wrong names or shapes, the loader refuses too, for a checkpoint that no project named.</summary>
    [Theory]
    [InlineData("deepseek_v3", "DeepseekV3", "SelectionBias = \"gate.e_score_correction_bias\", ", "")]
    [InlineData("gpt_oss", "GptOss", "[RouterWeights(Name = \"router\", Bias = true)]", "[RouterWeights(Name = \"router\")]")]
    [InlineData("gpt_oss", "GptOss", ", Transposed = true", "")]
    [InlineData("granitemoe", "GraniteMoe", "Layout = ExpertLayout.Stacked", "Transposed = true, Layout = ExpertLayout.Stacked")]
    public void CaughtByTheLoader(string golden, string folder, string before, string after) =>
        Assert.ThrowsAny<CheckpointException>(() => Verify(golden, folder, before, after));

    /// <summary>The same names and shapes, and a constant that config.json has no key for: no one can tell before numbers are compared.</summary>
    [Theory]
    [InlineData("gpt_oss", "GptOss", "Interleaved = true, ", "")]
    [InlineData("llama4_text", "Llama4", "GateUp = \"gate_up_proj\"", "Interleaved = true, GateUp = \"gate_up_proj\"")]
    [InlineData("mixtral", "Mixtral", "public bool NormTopkProb => true;", "public bool NormTopkProb => false;")]
    public async Task CaughtByNumbersOnly(string golden, string folder, string before, string after)
    {
        Assert.Empty(await Declarations.Find(golden, folder, (before, after)));
        Assert.InRange(Verify(golden, folder, before, before), 0, 1e-4);
        Assert.InRange(Verify(golden, folder, before, after), 1e-2, double.MaxValue);
    }

    /// <summary>What <c>moesaic verify</c> says of a copy: its greatest error.</summary>
    private static double Verify(string golden, string folder, string before, string after)
    {
        ModelRegistry.AddFrom(RuntimeAssembly.Load([.. Declarations.Sources(folder).Select(source => source.Replace(before, after, StringComparison.Ordinal))]));
        using var model = PretrainedModel.Load(TestData.Golden(golden), new() { Dtype = float32 });
        using var reference = ReferenceOutputs.Load(Path.Combine(TestData.Golden(golden), "expected.safetensors"), model.Network);
        return VerificationResult.Run(model.Network, reference).MaxAbsError;
    }
}
