using System.Text.Json.Nodes;
using Microsoft.CodeAnalysis;
using Moesaic.Generators.Tests.Harness;

namespace Moesaic.Generators.Tests.Checkpoints;

/// <summary>What tensor ranks cannot share, as the runtime would refuse it; and silence where it would not.</summary>
public sealed class TensorParallelTests
{
    public static TheoryData<string> Names => [.. GoldenCheckpoint.Names];

    // The first of each is what tests/Models.Tests/ParallelGoldenTests.cs has the runtime say.
    [Theory]
    [InlineData("mixtral", "3", "SelfAttn", "`model.layers.0.self_attn` and 2 more such", "divides its query heads, 4; 2 or 4 would do")]
    [InlineData("mixtral", "3", "SelfAttn", "`model.layers.0.self_attn` and 2 more such", "divides its key heads or is a multiple of them, 2; 2 or 4 would do")]
    [InlineData("mixtral", "5", "BlockSparseMoe", "`model.layers.0.block_sparse_moe` and 2 more such", "divides its intermediate size, 24; 4 would do")]
    [InlineData("deepseek_v3", "8", "SelfAttn", "self_attn", "divides its heads, 4; 4 would do")]
    [InlineData("olmoe", "5", "Mlp", "mlp", "divides its intermediate size, 24; 4 or 6 would do")]
    [InlineData("granitemoeshared", "3", "SharedMlp", "shared_mlp", "divides its intermediate size, 40; 2 or 4 would do")]
    [InlineData("minimax", "8", "SelfAttn", "model.layers.1.self_attn", "divides its query heads, 4; 4 would do")] // Which layer has such attention, the tensors tell.
    public async Task Moe0036_WhatDoesNotDivide(string name, string ranks, string place, string modules, string words)
    {
        var found = await new GoldenCheckpoint(name) { TensorParallel = ranks }.Check();
        Assert.All(found, static finding => Assert.Equal("MOE0036", finding.Id));
        var finding = Assert.Single(found, finding => finding.GetMessage(null).Contains(words, StringComparison.Ordinal));
        Assert.Contains(modules, finding.GetMessage(null), StringComparison.Ordinal);
        Assert.Contains($"TensorParallel {ranks}:", finding.GetMessage(null), StringComparison.Ordinal);
        Assert.Equal(place, finding.Location.SourceTree!.GetText(default).ToString(finding.Location.SourceSpan));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task TwoRanks_ShareEveryGoldenCheckpoint(string name) => Assert.Empty(await new GoldenCheckpoint(name) { TensorParallel = "1, 2" }.Check());

    [Theory]
    [InlineData("mixtral", "4")] // Two key heads: two ranks have the same one.
    [InlineData("qwen3_next", "8")] // The runtime refuses it; here it is not decided which layers have attention, and nothing is guessed.
    [InlineData("olmoe", "3,6,24")] // Attention that is whole: its heads are not said to be independent.
    public async Task WhatTheRuntimeAccepts_OrIsNotDecided_IsNotReported(string name, string ranks) => Assert.Empty(await new GoldenCheckpoint(name) { TensorParallel = ranks }.Check());

    [Fact]
    public async Task EachOfSeveralNumbersOfRanks_IsAsked()
    {
        var found = await new GoldenCheckpoint("mixtral") { TensorParallel = "2, 8,16" }.Check();
        Assert.Equal(["8", "16", "16"], found.Select(static finding => finding.GetMessage(null).Split("TensorParallel ")[1].Split(':')[0]).OrderBy(int.Parse));
    }

    [Fact]
    public async Task OtherRanks_AskAgain()
    {
        var golden = new GoldenCheckpoint("mixtral");
        var (config, manifest) = (golden.Config.ToJsonString(), golden.Manifest);
        var tensors = new CheckpointFile("checkpoint", golden.Model, "manifest", manifest);
        Assert.Empty(await Check("4"));
        Assert.NotEmpty(await Check("3"));
        Assert.Empty(await Check("4"));

        Task<System.Collections.Immutable.ImmutableArray<Diagnostic>> Check(string ranks) => CheckpointRun.Of(
            GoldenCheckpoint.Declarations, new CheckpointFile("checkpoint", golden.Model, "config", config, ranks), tensors);
    }

    [Fact]
    public async Task SizesOfTheConfig_NotOfItsDefaults()
    {
        var golden = new GoldenCheckpoint("mixtral") { TensorParallel = "7" };
        (golden.Config["intermediate_size"], golden.Config["num_attention_heads"], golden.Config["num_key_value_heads"]) = (56, JsonValue.Create(14), JsonValue.Create(7));
        Assert.DoesNotContain(await golden.Check(), static finding => finding.Id == "MOE0036"); // The tensors are another matter.
    }

    [Theory]
    [InlineData("two")]
    [InlineData("0")]
    [InlineData("-2")]
    [InlineData("2,")]
    public async Task Moe0028_NoNumberOfRanks(string ranks)
    {
        var finding = Assert.Single(await new GoldenCheckpoint("mixtral") { TensorParallel = ranks }.Check());
        Assert.Equal("MOE0028", finding.Id);
        Assert.Contains($"found `{ranks}`", finding.GetMessage(null), StringComparison.Ordinal);
    }

    /// <summary>A module that the runtime cuts, and this check knows nothing of, would be a hole that nobody sees.</summary>
    [Fact]
    public void EveryModuleThatAsksForADivision_IsKnown() => Assert.Equal(
        ["FusedExperts", "GatedMlp", "GroupedQueryAttention", "MultiHeadLatentAttention", "PackedGatedMlp"],
        Directory.EnumerateFiles(Path.Combine(TestData.Root, "src", "Runtime"), "*.cs", SearchOption.AllDirectories)
            .Where(static file => File.ReadAllText(file).Contains("context.Share(", StringComparison.Ordinal))
            .Select(static file => Path.GetFileNameWithoutExtension(file))
            .Order(StringComparer.Ordinal));
}
