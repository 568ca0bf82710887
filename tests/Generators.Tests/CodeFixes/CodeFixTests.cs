using Microsoft.CodeAnalysis.CodeFixes;
using Moesaic.Generators.CodeFixes;
using Moesaic.Generators.Tests.Harness;

namespace Moesaic.Generators.Tests.CodeFixes;

/// <summary>What is mechanical, an editor does; what it wrote has nothing more to report.</summary>
public sealed class CodeFixTests
{
    [Theory]
    [InlineData("public sealed class Layer", "public sealed partial class Layer")]
    [InlineData("class Layer", "partial class Layer")]
    public Task Moe0001_MakesPartial(string before, string after) => Fixes(
        new MakePartialFix(), Module(before, "public RmsNorm Norm { get; } = new(8, 1e-5);"), Module(after, "public RmsNorm Norm { get; } = new(8, 1e-5);"));

    [Theory]
    [InlineData("public RmsNorm Norm { get; set; } = new(8, 1e-5);", "public RmsNorm Norm { get; } = new(8, 1e-5);")]
    [InlineData("public required RmsNorm Norm { get; init; } = new(8, 1e-5);", "public RmsNorm Norm { get; } = new(8, 1e-5);")]
    [InlineData("public Parameter Scale { get; } = NewParameter(8);", "public Parameter Scale { get; private set; } = NewParameter(8);")]
    public Task Moe0005_CorrectsAccessors(string before, string after) =>
        Fixes(new AccessorsFix(), Module("public sealed partial class Layer", before), Module("public sealed partial class Layer", after));

    [Fact]
    public async Task Moe0005_WithoutAnInitializer_OffersNothing()
    {
        var source = Module("public sealed partial class Layer", "public RmsNorm? Norm { get; }");
        Assert.Null(await Fixing.Of(new AccessorsFix(), await Analysis.Run(source), source));
    }

    [Fact]
    public Task Moe0016_AnnotatesTheClass() => Fixes(
        new ModuleAttributeFix(),
        Derived("public abstract class Base(int size) : ExplicitModule"),
        Derived("[Module]\npublic abstract partial class Base(int size) : ExplicitModule"));

    [Theory]
    [InlineData("[MoeBlock<SoftmaxTopKRouter, SquaredRelu>]\n[ExpertWeights(Gate = \"w1\")]", "[MoeBlock<SoftmaxTopKRouter, SquaredRelu>]\n[ExpertWeights]")]
    [InlineData(
        "[MoeBlock<SoftmaxTopKRouter, SquaredRelu>]\n[ExpertWeights(Gate = \"w1\", Up = \"fc1\")]",
        "[MoeBlock<SoftmaxTopKRouter, SquaredRelu>]\n[ExpertWeights(Up = \"fc1\")]")]
    public Task Moe0029_RemovesTheGate(string before, string after) =>
        Fixes(new UngatedExpertsFix(), Sources.Block(before), Sources.Block(after), Sources.Config);

    [Theory]
    [InlineData("public RmsNorm InputLayernorm", "[CheckpointName(\"ln_1\")] public RmsNorm InputLayernorm")]
    [InlineData("[CheckpointName(\"other\")] public RmsNorm InputLayernorm", "[CheckpointName(\"ln_1\")] public RmsNorm InputLayernorm")]
    public async Task Moe0024_DeclaresTheCheckpointsName(string before, string after)
    {
        var source = Sources.Mixtral.Replace("public RmsNorm InputLayernorm", before, StringComparison.Ordinal);
        var golden = new GoldenCheckpoint("mixtral");
        for (var layer = 0; layer < 3; layer++)
        {
            golden.Tensors.Remove($"model.layers.{layer}.input_layernorm.weight");
            golden.Tensors.Add($"model.layers.{layer}.ln_1.weight", [32]);
        }

        var found = await golden.Check(GoldenCheckpoint.Compile([source]));
        var mended = await Fixing.Of(new CheckpointNameFix(), found, source);
        Assert.Equal(Sources.Mixtral.Replace("public RmsNorm InputLayernorm", after, StringComparison.Ordinal), mended);
        Assert.Empty(await golden.Check(GoldenCheckpoint.Compile([mended!])));
    }

    [Theory]
    [InlineData("e_score_correction_bias", "[RouterWeights(SelectionBias = \"e_score_correction_bias\")]")]
    [InlineData("gate.e_score_correction_bias", "[RouterWeights(SelectionBias = \"gate.e_score_correction_bias\")]")]
    public async Task Moe0023_DeclaresTheMissingRole(string tensor, string attribute)
    {
        var golden = new GoldenCheckpoint("mixtral");
        for (var layer = 0; layer < 3; layer++)
        {
            golden.Tensors.Add($"model.layers.{layer}.block_sparse_moe.{tensor}", [8]);
        }

        var mended = await Fixing.Of(new MissingRoleFix(), await golden.Check(), Sources.Mixtral);
        Assert.Equal(Sources.Mixtral.Replace("Down = \"w2\")]", $"Down = \"w2\")]\n{attribute}", StringComparison.Ordinal), mended);
        Assert.Empty(await golden.Check(GoldenCheckpoint.Compile([mended!])));
    }

    [Theory]
    [InlineData("experts.0.w1.bias", "Down = \"w2\"", "Down = \"w2\", Bias = true")]
    [InlineData("shared_mlp.up_proj.weight", "Down = \"w2\")]", "Down = \"w2\")]\n[SharedExperts(Name = \"shared_mlp\")]")]
    public async Task Moe0023_AddsToWhatIsDeclared(string tensor, string before, string after)
    {
        var golden = new GoldenCheckpoint("mixtral");
        golden.Tensors.Add($"model.layers.0.block_sparse_moe.{tensor}", [8]);
        Assert.Equal(Sources.Mixtral.Replace(before, after, StringComparison.Ordinal), await Fixing.Of(new MissingRoleFix(), await golden.Check(), Sources.Mixtral));
    }

    [Fact]
    public async Task Moe0023_OfNoRole_OffersNothing()
    {
        var golden = new GoldenCheckpoint("mixtral");
        golden.Tensors.Add("model.layers.0.block_sparse_moe.other.weight", [8]);
        Assert.Null(await Fixing.Of(new MissingRoleFix(), await golden.Check(), Sources.Mixtral));
    }

    [Fact]
    public async Task Moe0034_DeclaresTheRoutersDtype()
    {
        var golden = new GoldenCheckpoint("mixtral") { Dtype = static name => name.EndsWith("block_sparse_moe.gate.weight", StringComparison.Ordinal) ? "F32" : "BF16" };
        var mended = await Fixing.Of(new MissingRoleFix(), await golden.Check(), Sources.Mixtral);
        Assert.Contains("[RouterWeights(Float32 = true)]\npublic sealed partial class MixtralSparseMoeBlock", mended, StringComparison.Ordinal);
        Assert.Empty(await golden.Check(GoldenCheckpoint.Compile([mended!])));
    }

    private static async Task Fixes(CodeFixProvider fix, string before, string after, params string[] others)
    {
        var mended = await Fixing.Of(fix, await Analysis.Run([before, .. others]), before);
        Assert.Equal(after, mended);
        Assert.Empty(await Analysis.Run([mended!, .. others]));
    }

    private static string Module(string declaration, string member) => Sources.Usings + $$"""
        [Module]
        {{declaration}} : ExplicitModule
        {
            {{member}}

            public override Tensor forward(Tensor x) => x;
        }
        """;

    private static string Derived(string declaration) => Sources.Usings + $$"""
        {{declaration}}
        {
            public RmsNorm Norm { get; } = new(size, 1e-5);
        }

        [Module]
        public sealed partial class Layer(int size) : Base(size)
        {
            public RmsNorm Other { get; } = new(8, 1e-5);

            public override Tensor forward(Tensor x) => x;
        }
        """;
}
