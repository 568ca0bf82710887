using System.Runtime.CompilerServices;
using Moesaic.Generators.Tests.Harness;

namespace Moesaic.Generators.Tests;

public sealed class MoeModelGeneratorTests
{
    private const string Rest = """

        [Module]
        public sealed partial class Layer(Config config, int layerIndex) : DecoderLayer
        {
            public int Index => layerIndex + config.HiddenSize;
            public override Tensor forward(Tensor x, AttentionContext context) => x;
        }

        [ModelConfig]
        public sealed partial record Config : IDecoderConfig
        {
            public required int VocabSize { get; init; }
            public required int HiddenSize { get; init; }
            public required int NumHiddenLayers { get; init; }
            public double RmsNormEps { get; init; } = 1e-5;
            public int MaxPositionEmbeddings { get; init; } = 16;
            public bool TieWordEmbeddings { get; init; }
        }
        """;

    [Fact]
    public Task Models_AreEnteredInOneFile()
    {
        var run = GeneratorRun.Of(Sources.Usings + """
            namespace Sample;

            [MoeModel("zeta", Architectures = ["ZetaForCausalLM", "OldZetaForCausalLM"], Ignored = ["model.*.inv_freq"])]
            public sealed partial class Zeta(Config config) : CausalLm<Config, Layer>(config);

            [MoeModel("alpha \"quoted\"")]
            internal sealed partial class Alpha(Config config) : CausalLm<Config, Layer>(config);
            """ + Rest);
        return Snapshot.Match(run, "ModelRegistration.g.cs");
    }

    [Fact]
    public Task ModelWithChildrenOfItsOwn_RegistersThemToo()
    {
        var run = GeneratorRun.Of(Sources.Usings + """
            namespace Sample;

            [MoeModel("own")]
            public sealed partial class Own(Config config) : CausalLm<Config, Layer>(config)
            {
                public RmsNorm EmbeddingNorm { get; } = new(config.HiddenSize, config.RmsNormEps);
            }
            """ + Rest);
        return Snapshot.Match(run, "Sample.Own.g.cs");
    }

    [Fact]
    public void AssemblyWithoutModels_GetsNoFile() => Assert.Empty(GeneratorRun.Of("public static class Nothing;").Files);

    [Fact]
    public void LoadedAssembly_EntersItsModels()
    {
        var assembly = RuntimeAssembly.Load(Sources.Usings + """
            [MoeModel("generator_test", Architectures = ["GeneratorTestForCausalLM"])]
            public sealed partial class Model(Config config) : CausalLm<Config, Layer>(config);
            """ + Rest);
        RuntimeHelpers.RunModuleConstructor(assembly.ManifestModule.ModuleHandle);
        var model = Assert.Single(ModelRegistry.Models, static model => model.ModelType == "generator_test");
        Assert.Equal("Model", model.Name);
        Assert.Equal(["GeneratorTestForCausalLM"], model.Architectures);
    }
}
