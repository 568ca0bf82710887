using Microsoft.CodeAnalysis;
using Moesaic.Generators.Tests.Harness;

namespace Moesaic.Generators.Tests;

/// <summary>Which steps do work after an edit. A step whose input is the same is cached; one that makes the same again is unchanged.</summary>
public sealed class CachingTests
{
    private const string Other = """
        namespace Other;

        [Moesaic.ModelConfig]
        public sealed partial record OtherConfig
        {
            public required int Width { get; init; }
        }
        """;

    [Fact]
    public void AddedComment_WritesNothingAgain() => Assert.Empty(Worked(static source => "// A comment.\n" + source));

    [Fact]
    public void AddedMethodBody_WritesNothingAgain() =>
        Assert.Empty(Worked(static source => source.Replace("NewDisposeScope();", "NewDisposeScope(); _ = 1;", StringComparison.Ordinal)));

    /// <summary>Not even looked at: what was planned and written comes from the run before, in a compilation of many models as in one of few.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(20)]
    public void AddedMethodBody_PlansNothing(int models)
    {
        var before = TestCompilation.Of(Enumerable.Range(0, models).Select(static i => Sources.Mixtral
            .Replace("Moesaic.Models.Mixtral", $"Moesaic.Models.M{i}", StringComparison.Ordinal)
            .Replace("\"mixtral\"", $"\"m{i}\"", StringComparison.Ordinal)
            .Replace("\"MixtralForCausalLM\"", $"\"M{i}\"", StringComparison.Ordinal)));
        var driver = TestCompilation.Driver().RunGenerators(before);
        var tree = before.SyntaxTrees.First(static tree => tree.FilePath == "Source0.cs");
        var edited = tree.ToString().Replace("NewDisposeScope();", "NewDisposeScope(); _ = 1;", StringComparison.Ordinal);
        Assert.NotEqual(tree.ToString(), edited);
        StepChecks.RunsNothingAgain(driver.RunGenerators(before.ReplaceSyntaxTree(tree, TestCompilation.Parse(edited, tree.FilePath))).GetRunResult());
    }

    [Fact]
    public void UnrelatedClass_WritesNothingAgain() => Assert.Empty(Worked(static source => source + "\npublic sealed class Unrelated;\n"));

    [Fact]
    public void RenamedConfigProperty_PlansTheConfigOnly() => Assert.Equal(
        ["ModelConfigGenerator.Parse", "ModelConfigGenerator.Plan"],
        Worked(static source => source.Replace("int? SlidingWindow", "int? Window", StringComparison.Ordinal)));

    [Fact]
    public void RenamedConfigPropertyThatARouterReads_TakesTheBlockBack() => Assert.Equal(
        ["MoeBlockGenerator.Parse", "MoeBlockGenerator.Plan"],
        Worked(static source => source.Replace("bool NormTopkProb", "bool NormTopk", StringComparison.Ordinal)));

    [Fact]
    public void RenamedChild_PlansItsModuleOnly() => Assert.Equal(
        ["ModuleGenerator.Parse", "ModuleGenerator.Plan"],
        Worked(static source => source.Replace("BlockSparseMoe", "Mlp", StringComparison.Ordinal)));

    [Fact]
    public void AnotherModel_PlansItAndTheRegistry() => Assert.Equal(
        ["MoeModelGenerator.Parse", "MoeModelGenerator.Plan", "MoeModelGenerator.Registry"],
        Worked(static source => source + """

            [MoeModel("other")]
            public sealed partial class OtherModel(MixtralConfig config) : CausalLm<MixtralConfig, MixtralDecoderLayer>(config);
            """));

    [Fact]
    public void OtherArchitecture_PlansTheModelAndTheRegistry() => Assert.Equal(
        ["MoeModelGenerator.Parse", "MoeModelGenerator.Plan", "MoeModelGenerator.Registry"],
        Worked(static source => source.Replace("\"MixtralForCausalLM\"", "\"Mixtral\"", StringComparison.Ordinal)));

    /// <summary>The steps that had a new or a changed output after an edit of the first of two files.</summary>
    private static IEnumerable<string> Worked(Func<string, string> edit)
    {
        var before = TestCompilation.Of(Sources.Mixtral, Other);
        var driver = TestCompilation.Driver().RunGenerators(before);
        var tree = before.SyntaxTrees.First(static tree => tree.FilePath == "Source0.cs");
        var edited = edit(Sources.Mixtral);
        Assert.NotEqual(Sources.Mixtral, edited);
        var after = before.ReplaceSyntaxTree(tree, TestCompilation.Parse(edited, tree.FilePath));
        return StepChecks.Steps(driver.RunGenerators(after).GetRunResult())
            .Where(static item => item.Step.Outputs.Any(static output =>
                output.Reason is not (IncrementalStepRunReason.Cached or IncrementalStepRunReason.Unchanged)))
            .Select(static item => item.Name)
            .Distinct()
            .Order(StringComparer.Ordinal);
    }
}
