using Moesaic.Generators.Tests.Harness;

namespace Moesaic.Generators.Tests;

/// <summary>What a list of models says about one: found through properties, through what is created, and through base types; nothing by name.</summary>
public sealed class ModelOutlineTests
{
    private const string Model = """
        namespace Sample;

        [MoeModel("outline")]
        public sealed partial class Model(Config config) : CausalLm<Config, Layer>(config);

        [Module]
        public sealed partial class Layer(Config config, int layerIndex) : DecoderLayer
        {
            public Attention? SelfAttn { get; } = layerIndex > 0 ? new(config, layerIndex) : null;
            public ShortConvolution? Conv { get; } = layerIndex > 0 ? null : new(config.HiddenSize, 3, layerIndex);
            public ExplicitModule Mlp { get; } = layerIndex > 1 ? new GatedMlp(config.HiddenSize, config.HiddenSize) : new Inner(config);
            public override Tensor forward(Tensor x, AttentionContext context) => x;
        }

        public sealed class Attention(Config config, int layerIndex) : GroupedQueryAttention(config, layerIndex);

        [Module]
        public sealed partial class Inner(Config config) : ExplicitModule
        {
            public ModuleList<Block> Blocks { get; } = new(1, _ => new(config));
            public override Tensor forward(Tensor x) => x;
        }

        [MoeBlock<SoftmaxTopKRouter, GeGlu>]
        [ExpertWeights(Layout = ExpertLayout.Stacked, GateUp = "gate_up", Suffix = "")]
        public sealed partial class Block(Config config) : MoeBlock(config);

        [MoeBlock<SoftmaxTopKRouter, SwiGlu>]
        public sealed partial class UnusedBlock(Config config) : MoeBlock(config);

        [ModelConfig]
        public sealed partial record Config : IDecoderConfig, IAttentionConfig, IMoeConfig
        {
            public required int VocabSize { get; init; }
            public required int HiddenSize { get; init; }
            public required int NumHiddenLayers { get; init; }
            public required int NumAttentionHeads { get; init; }
            public required int NumKeyValueHeads { get; init; }
            public int? HeadDim { get; init; }
            public int? SlidingWindow { get; init; }
            public double RmsNormEps { get; init; } = 1e-5;
            public int MaxPositionEmbeddings { get; init; } = 16;
            public bool TieWordEmbeddings { get; init; }
            public required RopeParameters RopeParameters { get; init; }
            public required int NumExperts { get; init; }
            public required int TopK { get; init; }
            public required int MoeIntermediateSize { get; init; }
            public bool NormTopkProb { get; init; }
        }
        """;

    [Fact]
    public void Registration_ListsMixersAndBlocks()
    {
        var text = GeneratorRun.Of(Sources.Usings + Model).Files["ModelRegistration.g.cs"];

        Assert.Contains("""Mixers = ["GroupedQueryAttention", "ShortConvolution"],""", text);
        Assert.Contains("""new("Block", "SoftmaxTopKRouter", "GeGlu", "stacked, gate and up together", "none"),""", text);
        Assert.DoesNotContain("UnusedBlock", text);
    }
}
