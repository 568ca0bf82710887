using Moesaic.Generators.Tests.Harness;

namespace Moesaic.Generators.Tests.Diagnostics;

public sealed class MoeBlockDiagnosticsTests
{
    private const string Plain = "MoeBlock<SoftmaxTopKRouter, SwiGlu>";

    [Theory]
    [InlineData("public sealed partial class {|MOE0002:B|}(SmallConfig config) : ExplicitModule { public int Size => config.TopK; public override Tensor forward(Tensor x) => x; }")]
    [InlineData("public sealed partial class B(SmallConfig config) : MoeBlock(config);")]
    public Task Moe0002_WrongBase(string source) => Analysis.Finds(Sources.Config, Sources.Usings + $"""
        namespace Sample;

        [{Plain}]
        {source}
        """);

    [Fact]
    public Task Moe0002_BlockOfABlock() => Analysis.Finds(Sources.Config, Sources.Usings + $"""
        namespace Sample;

        [{Plain}]
        public partial class Lower(SmallConfig config) : MoeBlock(config);

        [{Plain}]
        public sealed partial class {"{|MOE0002:Upper|}"}(SmallConfig config) : Lower(config);
        """);

    [Theory]
    [InlineData("{|MOE0003:MoeBlock<Own, SwiGlu>|}", "int nGroup")]
    [InlineData("{|MOE0003:MoeBlock<Own, SwiGlu>|}", "bool topK")]
    [InlineData("{|MOE0003:MoeBlock<Own, SwiGlu>|}", "int topK, int eps = 3")]
    [InlineData("{|MOE0003,MOE0003:MoeBlock<Own, SwiGlu>|}", "int a, int b")]
    [InlineData("MoeBlock<Own, SwiGlu>", "int topK, double numExperts, float swigluLimit")]
    public Task Moe0003_MissingConfigProperty(string attribute, string parameters) =>
        Analysis.Finds(Sources.Config, Sources.Block($"[{attribute}]") + Router($"public Own({parameters}) {{ }}"));

    [Fact]
    public Task Moe0003_WidthOfSharedExperts() => Analysis.Finds(Sources.Usings + $$"""
        public sealed record Config : IMoeConfig
        {
            public int HiddenSize { get; init; }
            public int NumExperts { get; init; }
            public int TopK { get; init; }
            public int MoeIntermediateSize { get; init; }
            public bool NormTopkProb { get; init; }
        }

        [{|MOE0003:{{Plain}}|}]
        [SharedExperts]
        public sealed partial class Block(Config config) : MoeBlock(config);
        """);

    [Theory]
    [InlineData("[SharedExperts(Name = \"gate\")]", "{|MOE0004:Block|}")]
    [InlineData("[RouterWeights(Name = \"router\")]", "Block")]
    public Task Moe0004_SameCheckpointName(string attribute, string name) => Analysis.Finds(
        Sources.Config, Sources.Block($"[{Plain}]{attribute}").Replace("class Block", "class " + name, StringComparison.Ordinal));

    [Theory]
    [InlineData("{|MOE0008:ExpertWeights(Gate = \"a\", Up = \"a\", Down = \"b\")|}")]
    [InlineData("{|MOE0008:ExpertWeights(GateUp = \"down_proj\")|}")]
    [InlineData("ExpertWeights(Gate = \"w1\", Up = \"w3\", Down = \"w2\")")]
    public Task Moe0008_SameProjectionName(string weights) => Analysis.Finds(Sources.Config, Sources.Block($"[{Plain}, {weights}]"));

    [Fact]
    public Task Moe0012_HandWrittenForward() => Analysis.Finds(Sources.Config, Sources.Block($"[{Plain}]", """

        {
            public override Tensor forward(Tensor x)
            {
                using var routing = Router.Route(Gate.forward(x), selectionBias: null);
                return Experts.Forward(x, routing.TopKIds, routing.TopKWeights);
            }
        }
        """).Replace("class Block", "class {|MOE0012:Block|}", StringComparison.Ordinal));

    [Fact]
    public Task Moe0012_NotForAGeneratedOne() => Analysis.Finds(Sources.Config, Sources.Block($"[{Plain}]"));

    [Theory]
    [InlineData("{|MOE0015:ExpertWeights(Interleaved = true)|}")]
    [InlineData("{|MOE0015:ExpertWeights(GateUp = \"w13\", Gate = \"w1\")|}")]
    [InlineData("{|MOE0015:ExpertWeights(Layout = ExpertLayout.Flat, Transposed = true)|}")]
    [InlineData("{|MOE0015:ExpertWeights(Layout = ExpertLayout.Flat, Bias = true)|}")]
    [InlineData("{|MOE0015:ExpertWeights(Down = \"\")|}")]
    [InlineData("{|MOE0015:ExpertWeights(Layout = (ExpertLayout)3)|}")]
    [InlineData("{|MOE0015:ExpertWeights(Bias = true, Suffix = \".w\")|}")]
    [InlineData("ExpertWeights(GateUp = \"w13\", Interleaved = true, Transposed = true, Bias = true, Layout = ExpertLayout.Stacked)")]
    public Task Moe0015_ContradictoryExpertWeights(string weights) => Analysis.Finds(Sources.Config, Sources.Block($"[{Plain}, {weights}]"));

    [Theory]
    [InlineData("{|MOE0018:MoeBlock<Own, SwiGlu>|}", "public Own(int topK) { } public Own(int topK, int numExperts) { }")]
    [InlineData("{|MOE0018:MoeBlock<Own, SwiGlu>|}", "private Own(int topK) { }")]
    [InlineData("{|MOE0018:MoeBlock<Own, SwiGlu>|}", "public required int TopK { get; init; }")]
    [InlineData("MoeBlock<Own, SwiGlu>", "public Own() { } public Own(int topK) { }")]
    [InlineData("MoeBlock<Own, SwiGlu>", "")]
    public Task Moe0018_UnusableMechanism(string attribute, string constructors) =>
        Analysis.Finds(Sources.Config, Sources.Block($"[{attribute}]") + Router(constructors));

    [Fact]
    public Task Moe0018_RouteThatNobodySees() => Analysis.Finds(Sources.Config, Sources.Block("[{|MOE0018:MoeBlock<Own, SwiGlu>|}]") + """

        public readonly struct Own : IRouter
        {
            RoutingResult IRouter.Route(Tensor routerLogits, Tensor? selectionBias) => throw new NotSupportedException();
        }
        """);

    [Theory]
    [InlineData("public RmsNorm {|MOE0020:Norm|} { get; } = new(config.HiddenSize, 1e-5);")]
    [InlineData("public Parameter {|MOE0020:Scale|} { get; private set; } = NewParameter(config.HiddenSize);")]
    [InlineData("public Tensor {|MOE0020:Buffer|} { get; } = torch.zeros(config.HiddenSize);")]
    [InlineData("private readonly Tensor {|MOE0020:_bias|} = torch.zeros(config.HiddenSize);")]
    [InlineData("private readonly Tensor?[] {|MOE0020:_biases|} = new Tensor?[config.NumExperts];")]
    [InlineData("private readonly Dictionary<int, (Tensor Scale, int Layer)> {|MOE0020:_scales|} = [];")]
    [InlineData("private static readonly Tensor One = torch.ones(1); public Func<Tensor> Make { get; } = () => One;")]
    [InlineData("public int Size { get; } = config.HiddenSize;")]
    public Task Moe0020_UnusedBlockChild(string body) => Analysis.Finds(Sources.Config, Sources.Block($"[{Plain}]", $"{{ {body} }}"));

    [Theory]
    [InlineData("[RouterWeights(SelectionBias = \"bias\")]", "{|MOE0012,MOE0020:Block|}", "null", "")]
    [InlineData("[RouterWeights(SelectionBias = \"bias\")]", "{|MOE0012:Block|}", "SelectionBias", "")]
    [InlineData("[SharedExperts]", "{|MOE0012,MOE0020:Block|}", "null", "")]
    [InlineData("", "{|MOE0012:Block|}", "null", "public RmsNorm {|MOE0020:Norm|} { get; } = new(config.HiddenSize, 1e-5);")]
    public Task Moe0020_WhatAHandWrittenForwardLeavesOut(string attribute, string name, string bias, string member) =>
        Analysis.Finds(Sources.Config, Sources.Block($"[{Plain}]{attribute}", $$"""

            {
                {{member}}
                public override Tensor forward(Tensor x)
                {
                    using var routing = Router.Route(Gate.forward(x), selectionBias: {{bias}});
                    return Experts.Forward(x, routing.TopKIds, routing.TopKWeights);
                }
            }
            """).Replace("class Block", "class " + name, StringComparison.Ordinal));

    [Fact]
    public Task Moe0020_ChildOfAClassBetween() => Analysis.Finds(Sources.Config, Sources.Usings + $$"""
        namespace Sample;

        [Module]
        public abstract partial class Between(SmallConfig config) : MoeBlock(config)
        {
            public RmsNorm {|MOE0020:Norm|} { get; } = new(config.HiddenSize, 1e-5);
        }

        [{{Plain}}]
        public sealed partial class Block(SmallConfig config) : Between(config);
        """);

    [Theory]
    [InlineData("MoeBlock<SoftmaxTopKRouter, SquaredRelu>", "ExpertWeights(Up = \"fc1\", Down = \"fc2\")")]
    [InlineData("{|MOE0029:MoeBlock<SoftmaxTopKRouter, SquaredRelu>|}", "ExpertWeights(Gate = \"w1\")")]
    [InlineData("{|MOE0029:MoeBlock<SoftmaxTopKRouter, SquaredRelu>|}", "ExpertWeights(GateUp = \"fc1\")")]
    [InlineData("{|MOE0029:MoeBlock<SoftmaxTopKRouter, SwiGlu>|}", "ExpertWeights(Gate = \"\")")]
    [InlineData("{|MOE0029:MoeBlock<SoftmaxTopKRouter, Own>|}", "ExpertWeights(Gate = \"\")")]
    public Task Moe0029_GateContradicts(string block, string weights) => Analysis.Finds(Sources.Config, Sources.Block($"[{block}, {weights}]") + """

        public readonly struct Own : IExpertActivation
        {
            public static bool IsGated => false;
            public float Apply(float gate, float up) => gate;
            public Tensor Apply(Tensor gate, Tensor up) => gate.alias();
        }
        """);

    [Theory]
    [InlineData("{|MOE0030:MoeBlock<GroupLimitedSigmoidRouter, SwiGlu>|}", 64, 6, 5, 2, true)]
    [InlineData("{|MOE0030:MoeBlock<GroupLimitedSigmoidRouter, SwiGlu>|}", 64, 6, 8, 9, true)]
    [InlineData("{|MOE0030:MoeBlock<GroupLimitedSigmoidRouter, SwiGlu>|}", 64, 9, 8, 1, true)]
    [InlineData("{|MOE0030:MoeBlock<SoftmaxTopKRouter, SwiGlu>|}", 4, 5, 1, 1, true)]
    [InlineData("MoeBlock<GroupLimitedSigmoidRouter, SwiGlu>", 64, 8, 8, 1, true)]
    [InlineData("{|MOE0031:MoeBlock<SoftmaxTopKRouter, SwiGlu>|}", 8, 1, 1, 1, true)]
    [InlineData("MoeBlock<SoftmaxTopKRouter, SwiGlu>", 8, 1, 1, 1, false)]
    [InlineData("MoeBlock<TopKSigmoidRouter, SwiGlu>", 8, 1, 1, 1, true)]
    [InlineData("{|MOE0030:MoeBlock<SparsemixerRouter, SwiGlu>|}", 8, 4, 1, 1, true)]
    [InlineData("MoeBlock<SparsemixerRouter, SwiGlu>", 8, 2, 1, 1, true)]
    public Task Moe0030_Moe0031_Arithmetic(string block, int experts, int topK, int groups, int kept, bool renormalize) =>
        Analysis.Finds(Constants(experts, topK, groups, kept, renormalize, shared: 8), Sources.Block($"[{block}]"));

    [Theory]
    [InlineData("{|MOE0032:MoeBlock<SoftmaxTopKRouter, SwiGlu>|}, SharedExperts", 0)]
    [InlineData("MoeBlock<SoftmaxTopKRouter, SwiGlu>, SharedExperts", 8)]
    [InlineData("MoeBlock<SoftmaxTopKRouter, SwiGlu>, SharedExperts(Optional = true)", 0)]
    [InlineData("MoeBlock<SoftmaxTopKRouter, SwiGlu>", 0)]
    public Task Moe0032_SharedExpertsOfNoWidth(string attributes, int shared) =>
        Analysis.Finds(Constants(8, 2, 1, 1, true, shared), Sources.Block($"[{attributes}]"));

    [Theory]
    [InlineData("MoeBlock<SigmoidTopKRouter, SwiGlu>, {|MOE0035:RouterWeights(ScaleOutput = true)|}")]
    [InlineData("MoeBlock<SoftmaxTopKRouter, SwiGlu>, RouterWeights(ScaleOutput = true)")]
    [InlineData("MoeBlock<SigmoidTopKRouter, SwiGlu>, RouterWeights(ScaleOutput = false)")]
    [InlineData("MoeBlock<SoftmaxTopKRouter, SwiGlu>, {|MOE0035:RouterWeights(SelectionBiasIf = \"NormTopkProb\")|}")]
    [InlineData("MoeBlock<SoftmaxTopKRouter, SwiGlu>, {|MOE0035:RouterWeights(SelectionBiasIsRow = true)|}")]
    [InlineData("MoeBlock<SoftmaxTopKRouter, SwiGlu>, {|MOE0035:RouterWeights(SelectionBias = \"\")|}")]
    [InlineData("MoeBlock<SparsemixerRouter, SwiGlu>, {|MOE0035:RouterWeights(SelectionBias = \"bias\")|}")]
    [InlineData("MoeBlock<SoftmaxTopKRouter, SwiGlu>, RouterWeights(SelectionBias = \"bias\", SelectionBiasIf = \"NormTopkProb\", SelectionBiasIsRow = true)")]
    [InlineData("MoeBlock<SoftmaxTopKRouter, SwiGlu>, {|MOE0003:RouterWeights(SelectionBias = \"bias\", SelectionBiasIf = \"UseExpertBias\")|}")]
    [InlineData("MoeBlock<SoftmaxTopKRouter, SwiGlu>, {|MOE0003:RouterWeights(SelectionBias = \"bias\", SelectionBiasIf = \"TopK\")|}")]
    public Task Moe0035_RouterWeights(string attributes) => Analysis.Finds(Constants(8, 2, 1, 1, true, 8), Sources.Block($"[{attributes}]"));

    /// <summary>A bias that the author's router is given and never looks at would be lost without a word.</summary>
    [Theory]
    [InlineData("{|MOE0035:RouterWeights(SelectionBias = \"bias\")|}", "RoutingMath.Choose(logits, logits, topK)")]
    [InlineData("RouterWeights(SelectionBias = \"bias\")", "RoutingMath.Choose(RoutingMath.Biased(logits, bias), logits, topK)")]
    [InlineData("RouterWeights", "RoutingMath.Choose(logits, logits, topK)")]
    public Task Moe0035_ARouterThatNeverReadsTheBias(string weights, string body) => Analysis.Finds(Sources.Config, Sources.Block($"[MoeBlock<Own, SwiGlu>, {weights}]") + $$"""

        public readonly struct Own(int topK) : IRouter
        {
            public RoutingResult Route(Tensor logits, Tensor? bias) => {{body}};
        }
        """);

    [Theory]
    [InlineData("", "public int {|MOE0037:Router|} => 1;")]
    [InlineData("", "public Linear {|MOE0037:Gate|} { get; } = new(config.HiddenSize, 1);")]
    [InlineData("", "public override IReadOnlyList<WeightRule> {|MOE0037:WeightRules|} { get; } = [];")]
    [InlineData("", "public new Tensor {|MOE0037:forward|}(Tensor x) => x;")]
    [InlineData("[SharedExperts(Gated = true)]", "public int {|MOE0037:SharedExpertsGate|} => 1;")]
    [InlineData("[RouterWeights(SelectionBias = \"bias\")]", "public void {|MOE0037:SelectionBias|}() { }")]
    [InlineData("", "public int SelectionBias => 1; public int SharedExpertsGate => 1; public Tensor forward(Tensor x, int layer) => x; public int forward(int x) => x;")]
    public Task Moe0037_GeneratedName(string attributes, string body) => Analysis.Finds(Sources.Config, Sources.Block($"[{Plain}]{attributes}", $"{{ {body} }}"));

    [Theory]
    [InlineData("SmallConfig {|MOE0037:Config|}")]
    [InlineData("SmallConfig config, int {|MOE0037:Router|}")]
    [InlineData("SmallConfig config, int router")]
    public Task Moe0037_NameOfAParameter(string parameters) => Analysis.Finds(Sources.Config, Sources.Usings + $$"""
        namespace Sample;

        [{{Plain}}]
        public sealed partial class Block({{parameters}}) : MoeBlock({{(parameters.Contains("Config|", StringComparison.Ordinal) ? "Config" : "config")}});
        """);

    [Theory]
    [InlineData("public sealed partial class {|MOE0038:B|}(SmallConfig config) : MoeBlock(config);")]
    [InlineData("public abstract class B(SmallConfig config) : MoeBlock(config);")]
    [InlineData("public abstract class B(SmallConfig config) : MoeBlock(config) { public override FusedExperts RoutedExperts => throw new NotSupportedException(); }")]
    public Task Moe0038_UnannotatedBlock(string source) => Analysis.Finds(Sources.Config, Sources.Usings + "namespace Sample;" + source);

    [Theory]
    [InlineData("{|MOE0033,MOE0033:ExpertWeights(Gate = \"w3\", Up = \"w1\", Down = \"w2\")|}")]
    [InlineData("{|MOE0033,MOE0033:ExpertWeights(Gate = \"w1\", Up = \"w2\", Down = \"w3\")|}")]
    [InlineData("{|MOE0033:ExpertWeights(Gate = \"linear_v\", Up = \"linear\", Down = \"linear_1\")|}")]
    [InlineData("ExpertWeights(Gate = \"w1\", Up = \"v1\", Down = \"w2\")")]
    [InlineData("ExpertWeights(GateUp = \"w3\", Down = \"w2\")")]
    public Task Moe0033_MisnamedProjection(string weights) => Analysis.Finds(Sources.Config, Sources.Block($"[{Plain}, {weights}]"));

    [Theory]
    [InlineData("{|MOE0021:B|}", " : MoeBlock { public B(SmallConfig config) : base(config) { } }")]
    [InlineData("B", "(int layerIndex, SmallConfig config) : MoeBlock(config) { public int LayerIndex { get; } = layerIndex; }")]
    public Task Moe0021_NoConfigParameter(string name, string rest) => Analysis.Finds(Sources.Config, Sources.Usings + $"""
        namespace Sample;

        [{Plain}]
        public sealed partial class {name}{rest}
        """);

    [Theory]
    [InlineData("MoeBlock<Missing, SwiGlu>")]
    [InlineData("MoeBlock<string, SwiGlu>")]
    [InlineData("MoeBlock<OfAClass, SwiGlu>")]
    public Task WhatTheCompilerRefuses_IsLeftToIt(string attribute) => Analysis.Finds(Sources.Config, Sources.Block($"[{attribute}]") + """

        public sealed class OfAClass : IRouter
        {
            public RoutingResult Route(Tensor routerLogits, Tensor? selectionBias) => throw new NotSupportedException();
        }
        """);

    private static string Constants(int experts, int topK, int groups, int kept, bool renormalize, int shared) => $$"""
        namespace Sample
        {
            public sealed record SmallConfig : Moesaic.IMoeConfig, Moesaic.ISharedExpertsConfig
            {
                public int HiddenSize { get; init; }
                public int NumExperts { get; init; } = {{experts}};
                public int TopK => {{topK}};
                public int NumExpertGroups { get; init; } = {{groups}};
                public int TopkGroup { get; init; } = {{kept}};
                public int MoeIntermediateSize { get; init; }
                public int NumSharedExperts => {{shared}};
                public int SharedExpertsIntermediateSize => NumSharedExperts * 16;
                public bool NormTopkProb => {{(renormalize ? "true" : "false")}};
                public double RoutedScalingFactor => 1;
                public double RouterJitterNoise => 0.01;
            }
        }
        """;

    private static string Router(string constructors) => $$"""

        public readonly struct Own : IRouter
        {
            {{constructors}}
            public RoutingResult Route(Tensor routerLogits, Tensor? selectionBias) => throw new NotSupportedException();
        }
        """;
}
