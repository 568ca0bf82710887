using Moesaic.Generators.Tests.Harness;

namespace Moesaic.Generators.Tests;

[Collection(UsesTensors.Name)]
public sealed class MoeBlockGeneratorTests
{
    private const string Plain = "[MoeBlock<SoftmaxTopKRouter, SwiGlu>]";

    [Fact]
    public Task EverythingABlockCanHave()
    {
        var run = GeneratorRun.Of(Sources.Config, Sources.Block($"""
            {Plain}
            [RouterWeights(Name = "router.gate", Bias = true, SelectionBias = "router.e_score_correction_bias", Float32 = true)]
            [ExpertWeights(GateUp = "gate_up_proj", Layout = ExpertLayout.Stacked, Interleaved = true, Transposed = true, Bias = true, Suffix = "")]
            [SharedExperts(Name = "shared_expert", Gated = true)]
            """));
        return Snapshot.Match(run, "Sample.Block.g.cs");
    }

    [Fact]
    public Task ForwardOfTheAuthor_KeepsTheRest()
    {
        var run = GeneratorRun.Of(Sources.Config, Sources.Block(Plain + "[SharedExperts]", """

            {
                public RmsNorm InputNorm { get; } = new(config.HiddenSize, 1e-6);

                [CheckpointName("gate.scale")]
                public Parameter Scale { get; private set; } = NewParameter(config.HiddenSize);

                public override Tensor forward(Tensor hiddenStates)
                {
                    using var normed = InputNorm.forward(hiddenStates);
                    using var scaled = normed * Scale;
                    using var routing = Router.Route(Gate.forward(scaled), selectionBias: null);
                    return Experts.Forward(hiddenStates, routing.TopKIds, routing.TopKWeights);
                }
            }
            """));
        return Snapshot.Match(run, "Sample.Block.g.cs");
    }

    [Fact]
    public void SelectionBiasThatIsARow_HasTwoDimensions()
    {
        var text = GeneratorRun.Of(Sources.Config, Sources.Block($"{Plain}[RouterWeights(SelectionBias = \"bias\", SelectionBiasIsRow = true)]")).File();
        Assert.Contains("NewParameter(1, config.NumExperts)", text, StringComparison.Ordinal);
    }

    [Fact]
    public void WeightsOnTheInput_AreGivenToExpertsThatWay()
    {
        var text = GeneratorRun.Of(Sources.Config, Sources.Block($"{Plain}[RouterWeights(OnInput = true)]")).File();
        Assert.Contains("Experts.ForwardWeightedInputsPartial(x, ", text, StringComparison.Ordinal);
        Assert.Contains("weights on the input", text, StringComparison.Ordinal);
    }

    [Fact]
    public void OutputThatIsScaled_IsScaledBeforeSharedExpertsAreAdded()
    {
        var text = GeneratorRun.Of(Sources.Config, Sources.Block(Plain + "[SharedExperts, RouterWeights(ScaleOutput = true)]")).File();
        Assert.Contains("using var scaled = routed * RoutedScalingFactor;", text, StringComparison.Ordinal);
        Assert.Contains("using var sum = scaled + shared;", text, StringComparison.Ordinal);
    }

    [Fact]
    public void SharedExpertsWithoutAGate_AreAdded()
    {
        var text = GeneratorRun.Of(Sources.Config, Sources.Block(Plain + "[SharedExperts]")).File();
        Assert.Contains("using var sum = routed + shared; // [T, D]", text, StringComparison.Ordinal);
        Assert.DoesNotContain("SharedExpertsGate", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Gate = \"w1\", Up = \"w3\", Down = \"w2\"", "experts.{e}.w1.weight")]
    [InlineData("GateUp = \"fc1\", Down = \"fc2\", Layout = ExpertLayout.Stacked, Transposed = true", "experts.fc1.weight")]
    [InlineData("GateUp = \"input_linear\", Experts = \"\", Layout = ExpertLayout.Stacked", "input_linear.weight")]
    [InlineData("Gate = \"w1\", Up = \"v1\", Down = \"w2\", Experts = \"experts.mlp\", Layout = ExpertLayout.Flat, Suffix = \"\"", "experts.mlp.w1")]
    [InlineData("Bias = true", "experts.{e}.gate_proj.bias")]
    public void EveryLayout_CompilesAndNamesItsTensors(string weights, string tensor)
    {
        var text = GeneratorRun.Of(Sources.Config, Sources.Block($"{Plain}[ExpertWeights({weights})]")).File();
        Assert.Contains($"new(\"{tensor}\", ", text, StringComparison.Ordinal);
    }

    [Fact]
    public void ExpertsWithoutAGate_HaveOneProjectionIn() => Assert.Contains(
        "new(\"experts.{e}.up_proj.weight\", ",
        GeneratorRun.Of(Sources.Config, Sources.Block("[MoeBlock<SoftmaxTopKRouter, SquaredRelu>]")).File(),
        StringComparison.Ordinal);

    [Fact]
    public void NumbersOfRouterAndActivation_ComeFromTheConfigByName()
    {
        var text = GeneratorRun.Of(Sources.Config, Sources.Block("[MoeBlock<OwnRouter, Limited>]") + """

            internal readonly struct OwnRouter(int topK, long numExperts, double hiddenSize, int sharedExpertsIntermediateSize) : IRouter
            {
                public RoutingResult Route(Tensor routerLogits, Tensor? selectionBias) =>
                    throw new NotSupportedException($"{topK} {numExperts} {hiddenSize} {sharedExpertsIntermediateSize}");
            }

            public readonly record struct Limited(float SwigluLimit) : IExpertActivation
            {
                public float Apply(float gate, float up) => gate * up;
                public Tensor Apply(Tensor gate, Tensor up) => gate * up;
            }
            """).File();
        Assert.Contains(
            "internal global::Sample.OwnRouter Router { get; } = new(topK: config.TopK, numExperts: config.NumExperts, hiddenSize: config.HiddenSize, "
            + "sharedExpertsIntermediateSize: config.SharedExpertsIntermediateSize);",
            text,
            StringComparison.Ordinal);
        Assert.Contains("new global::Sample.Limited(SwigluLimit: (float)config.SwigluLimit)", text, StringComparison.Ordinal);
    }

    [Fact]
    public void ConfigThatImplementsASizeExplicitly_IsReadThroughTheInterface()
    {
        var text = GeneratorRun.Of(Sources.Usings + """
            public sealed record Config : IMoeConfig
            {
                public int HiddenSize { get; init; }
                public bool NormTopkProb { get; init; }
                int IMoeConfig.NumExperts => 8;
                int IMoeConfig.TopK => 2;
                int IMoeConfig.MoeIntermediateSize => HiddenSize;
            }

            [MoeBlock<SoftmaxTopKRouter, SwiGlu>]
            public sealed partial class Block(Config config, int layerIndex) : MoeBlock(config)
            {
                public int LayerIndex { get; } = layerIndex;
            }
            """).File();
        Assert.Contains("new(config.HiddenSize, ((global::Moesaic.IMoeConfig)config).NumExperts)", text, StringComparison.Ordinal);
    }

    [Fact]
    public void PrivateActivation_MakesTheExpertsPrivate() => GeneratorRun.Of(Sources.Config, Sources.Usings + """
        namespace Sample;

        public partial class Outer
        {
            [MoeBlock<SoftmaxTopKRouter, Own>]
            public sealed partial class Block(SmallConfig @config) : MoeBlock(@config);

            private readonly struct Own : IExpertActivation
            {
                public float Apply(float gate, float up) => gate * up;
                public Tensor Apply(Tensor gate, Tensor up) => gate * up;
            }
        }
        """);

    [Fact]
    public void GenericBlock_ReadsTheConfigItIsConstrainedTo() => GeneratorRun.Of(Sources.Config, Sources.Usings + """
        namespace Sample;

        [MoeBlock<TopOne, SwiGlu>]
        public sealed partial class Block<TConfig>(TConfig @params) : MoeBlock(@params)
            where TConfig : class, IMoeConfig;

        public readonly struct TopOne : IRouter
        {
            public RoutingResult Route(Tensor routerLogits, Tensor? selectionBias) => throw new NotSupportedException();
        }
        """);

    [Theory]
    [InlineData(true, 10, 8)] // Router, w13 and w2; bias; three of the MLP, one of its gate.
    [InlineData(false, 0, 3)]
    public void WhatSomeModelsHave_IsThereOrNot(bool hasBias, int sharedWidth, int parameters)
    {
        dynamic block = RuntimeAssembly.Load(Sources.Config, Sources.Block(
            Plain + "[SharedExperts(Gated = true, Optional = true), RouterWeights(SelectionBias = \"bias\", SelectionBiasIf = nameof(SmallConfig.NormTopkProb), ScaleOutput = true)]") + $$"""

            public static class Maker
            {
                public static Block Make() => new(new()
                {
                    HiddenSize = 8, NumExperts = 4, TopK = 2, MoeIntermediateSize = 6, SharedExpertsIntermediateSize = {{sharedWidth}}, NormTopkProb = {{(hasBias ? "true" : "false")}},
                });
            }
            """).GetType("Sample.Maker")!.GetMethod("Make")!.Invoke(null, null)!;
        using var x = TorchSharp.torch.empty([2, 3, 8], device: TorchSharp.torch.META);
        using TorchSharp.torch.Tensor y = block.forward(x);
        Assert.Equal(x.shape, y.shape);
        Assert.Equal(hasBias, block.SelectionBias is not null);
        Assert.Equal(sharedWidth > 0, block.SharedExperts is not null);
        Assert.Equal(sharedWidth > 0, block.SharedExpertsGate is not null);
        Assert.Contains(hasBias ? ", selection bias, output scaled" : ", no selection bias, output scaled", (string)block.Declaration.RouterFacts, StringComparison.Ordinal);
        Assert.Equal(sharedWidth > 0 ? "one SwiGLU MLP, times the sigmoid of its gate" : "none", (string)block.Declaration.SharedExperts);
        Assert.Equal(parameters, ((TorchSharp.torch.nn.Module)block).named_parameters().Count());
        block.Dispose();
    }

    [Theory]
    [InlineData("")]
    [InlineData("[SharedExperts]")]
    [InlineData("[SharedExperts(Gated = true), RouterWeights(Bias = true, SelectionBias = \"bias\", Float32 = true), ExpertWeights(Bias = true)]")]
    public void GeneratedForward_KeepsTheShapeAndLeavesNoTensorBehind(string attributes)
    {
        dynamic block = RuntimeAssembly.Load(Sources.Config, Sources.Block(Plain + attributes) + """

            public static class Maker
            {
                public static Block Make() => new(new() { HiddenSize = 8, NumExperts = 4, TopK = 2, MoeIntermediateSize = 6, SharedExpertsIntermediateSize = 10 });
            }
            """).GetType("Sample.Maker")!.GetMethod("Make")!.Invoke(null, null)!;
        using var x = TorchSharp.torch.empty([2, 3, 8], device: TorchSharp.torch.META);
        using var tensors = new NewTensors();
        using (TorchSharp.torch.Tensor y = block.forward(x))
        {
            Assert.Equal(x.shape, y.shape);
            Assert.Equal(1, tensors.Count);
        }
    }
}
