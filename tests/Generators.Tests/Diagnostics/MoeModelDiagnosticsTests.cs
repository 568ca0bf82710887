using Moesaic.Generators.Tests.Harness;

namespace Moesaic.Generators.Tests.Diagnostics;

public sealed class MoeModelDiagnosticsTests
{
    private const string Rest = """

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

        public abstract class Lm(Config config) : CausalLm(config)
        {
            public override Tensor forward(Tensor inputIds, AttentionContext context) => inputIds;
        }
        """;

    [Theory]
    [InlineData("[MoeModel(\"a\")] public partial class {|MOE0002:A|}(Config config) { public int Size => config.HiddenSize; }")]
    [InlineData("[MoeModel(\"a\")] public partial class A(Config config) : Lm(config);")]
    public Task Moe0002_WrongBase(string source) => Finds(source);

    [Theory]
    [InlineData("[MoeModel(\"a\")] public partial class A(Config config) : Lm(config); [MoeModel(\"a\")] public partial class {|MOE0009:B|}(Config config) : Lm(config);")]
    [InlineData("[MoeModel(\"a\", Architectures = [\"X\"])] public partial class A(Config config) : Lm(config); [MoeModel(\"b\", Architectures = [\"Y\", \"X\"])] public partial class {|MOE0009:B|}(Config config) : Lm(config);")]
    [InlineData("[MoeModel(\"a\", Architectures = [\"b\"])] public partial class A(Config config) : Lm(config); [MoeModel(\"b\")] public partial class B(Config config) : Lm(config);")]
    public Task Moe0009_SameModelType(string source) => Finds(source);

    [Theory]
    [InlineData("[MoeModel(\"a\")] public abstract partial class {|MOE0019:A|}(Config config) : Lm(config);")]
    [InlineData("[MoeModel(\"a\")] public partial class {|MOE0019:A|}<T>(Config config) : Lm(config);")]
    [InlineData("[MoeModel(\"a\")] public partial class {|MOE0019:A|}(Config config, int more) : Lm(config) { public int More => more; }")]
    [InlineData("public partial class O { [MoeModel(\"a\")] private partial class {|MOE0019:A|}(Config config) : Lm(config); }")]
    [InlineData("public partial class O { [MoeModel(\"a\")] internal partial class A(Config config) : Lm(config); }")]
    public Task Moe0019_NotCreatable(string source) => Finds(source);

    [Theory]
    [InlineData("string", "{|MOE0010:A|}")]
    [InlineData("Config", "A")]
    public Task Moe0010_LayerOfAnotherConfig(string config, string model) => Finds($$"""
        [Module]
        public sealed partial class Layer({{config}} config, int layerIndex) : DecoderLayer
        {
            public override Tensor forward(Tensor x, AttentionContext context) => x;
        }

        [MoeModel("a")]
        public sealed partial class {{model}}(Config config) : CausalLm<Config, Layer>(config);
        """);

    private static Task Finds(string source) => Analysis.Finds(Sources.Usings + source + Rest);
}
