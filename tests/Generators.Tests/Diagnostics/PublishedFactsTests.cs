using Microsoft.CodeAnalysis;
using Moesaic.Generators.Helpers;
using Moesaic.Generators.Known;
using Moesaic.Generators.Tests.Harness;

namespace Moesaic.Generators.Tests.Diagnostics;

/// <summary>What is published of a model type, a declaration that answers to it says too.</summary>
public sealed class PublishedFactsTests
{
    [Fact]
    public void Facts_AreOfTheShippedModels() => Assert.Equal(
        Types(GoldenCheckpoint.Declarations.Assembly.GlobalNamespace).Select(static type => type.Attribute(KnownTypes.MoeModelAttribute)?.Text()).OfType<string>().Order(StringComparer.Ordinal),
        PublishedFacts.All.Select(static facts => facts.ModelType).Order(StringComparer.Ordinal));

    [Theory]
    [InlineData("mixtral", "{|MOE0039:MoeBlock<SoftmaxTopKRouter, SwiGlu>|}", "=> false;")]
    [InlineData("mixtral", "{|MOE0039:MoeBlock<SoftmaxTopKRouter, SwiGlu>|}", "{ get; init; }")]
    [InlineData("mixtral", "MoeBlock<SoftmaxTopKRouter, SwiGlu>", "{ get; init; } = true;")]
    [InlineData("mixtral", "MoeBlock<TopKSoftmaxRouter, SwiGlu>", "=> false;")] // The same, said otherwise.
    [InlineData("mixtral", "MoeBlock<SoftmaxTopKRouter, SwiGlu>, {|MOE0039:ExpertWeights(Transposed = true)|}", "=> true;")]
    [InlineData("jamba", "{|MOE0039:MoeBlock<SoftmaxTopKRouter, SwiGlu>|}", "=> true;")]
    [InlineData("olmoe", "MoeBlock<SoftmaxTopKRouter, SwiGlu>", "=> true;")] // config.json says.
    [InlineData("gpt_oss", "MoeBlock<TopKSoftmaxRouter, SwiGlu>, ExpertWeights(GateUp = \"gate_up\", Interleaved = true, Transposed = true)", "=> true;")]
    [InlineData("gpt_oss", "MoeBlock<TopKSoftmaxRouter, SwiGlu>, {|MOE0039:ExpertWeights(GateUp = \"gate_up\", Transposed = true)|}", "=> true;")]
    [InlineData("granitemoe", "MoeBlock<TopKSoftmaxRouter, SwiGlu>, {|MOE0039:ExpertWeights(GateUp = \"gate_up\", Interleaved = true)|}", "=> true;")]
    [InlineData("gpt_oss", "{|MOE0039:MoeBlock<TopKSoftmaxRouter, SwiGlu>|}", "=> true;")]
    [InlineData("one_of_my_own", "MoeBlock<SoftmaxTopKRouter, SwiGlu>, ExpertWeights(GateUp = \"gate_up\", Interleaved = true, Transposed = true)", "=> false;")]
    public Task Moe0039_ContradictsPublished(string modelType, string block, string renormalizes) => Analysis.Finds(Sources.Usings + $$"""
        [MoeModel("{{modelType}}")]
        public sealed partial class Model(Numbers config) : CausalLm<Numbers, Layer>(config);

        [Module]
        public sealed partial class Layer(Numbers config, int layerIndex) : DecoderLayer
        {
            public ExplicitModule Mlp { get; } = layerIndex < 2 ? new GatedMlp(8, 8) : new Block(config);
            public override Tensor forward(Tensor x, AttentionContext context) => Mlp.forward(x);
        }

        [{{block}}]
        public sealed partial class Block(Numbers config) : MoeBlock(config);

        [ModelConfig]
        public sealed partial record Numbers : IDecoderConfig, IMoeConfig
        {
            public required int VocabSize { get; init; }
            public required int HiddenSize { get; init; }
            public required int NumHiddenLayers { get; init; }
            public double RmsNormEps { get; init; } = 1e-5;
            public int MaxPositionEmbeddings { get; init; } = 16;
            public bool TieWordEmbeddings { get; init; }
            public required int NumExperts { get; init; }
            public required int TopK { get; init; }
            public required int MoeIntermediateSize { get; init; }
            public bool NormTopkProb {{renormalizes}}
        }
        """);

    private static IEnumerable<INamedTypeSymbol> Types(INamespaceSymbol space) => space.GetTypeMembers().Concat(space.GetNamespaceMembers().SelectMany(Types));
}
