using Moesaic.Generators.Tests.Harness;

namespace Moesaic.Generators.Tests;

/// <summary>Of a wrong declaration its own errors are all there is to read: none of C#'s, in the author's code or in ours.</summary>
public sealed class StubTests
{
    private const string Layer = """

        [Module]
        public sealed partial class Layer(Numbers config, int layerIndex) : DecoderLayer
        {
            public int Index { get; } = layerIndex;
            public RmsNorm Norm { get; } = new(config.HiddenSize, 1e-5);
            public override Tensor forward(Tensor x, AttentionContext context) => Norm.forward(x);
        }

        [MoeModel("own")]
        public sealed partial class Model(Numbers config) : CausalLm<Numbers, Layer>(config);
        """;

    private const string Config = """

        [ModelConfig]
        public sealed partial record Numbers : IDecoderConfig
        {
            public required int VocabSize { get; init; }
            public required int HiddenSize { get; init; }
            public required int NumHiddenLayers { get; init; }
            public double RmsNormEps { get; init; } = 1e-5;
            public int MaxPositionEmbeddings { get; init; } = 16;
            public bool TieWordEmbeddings { get; init; }
        }
        """;

    [Theory]
    [InlineData("MoeBlock<GroupLimitedSoftmaxRouter, SwiGlu>", ";", "MOE0003")]
    [InlineData("MoeBlock<SoftmaxTopKRouter, SwiGlu>, ExpertWeights(Up = \"gate_proj\")", ";", "MOE0008")]
    [InlineData("MoeBlock<SoftmaxTopKRouter, SwiGlu>", "{ public int Router => 1; }", "MOE0037")]
    [InlineData("MoeBlock<SoftmaxTopKRouter, SwiGlu>", "{ public Linear A { get; set; } = new(1, 1); public override Tensor forward(Tensor x) => A.forward(x); }", "MOE0005")]
    public async Task Block(string attributes, string body, string id) => await OnlyOurs(id, Sources.Config, Sources.Block($"[{attributes}]", body));

    [Theory]
    [InlineData("HiddenSize { get; init; }", "HiddenSize { get; init; } public decimal More { get; init; }", "MOE0013")]
    [InlineData("HiddenSize { get; init; }", "HiddenSize { get; init; } [ConfigKey(\"hidden_size\")] public int Same { get; init; }", "MOE0007")]
    [InlineData("RmsNorm Norm { get; }", "RmsNorm Norm { get; set; }", "MOE0005")]
    [InlineData("[MoeModel(\"own\")]", "[MoeModel(\"own\")][Module]", "MOE0017")]
    [InlineData("Numbers config, int layerIndex", "int layerIndex, Numbers config", "MOE0010")]
    public async Task ConfigAndLayer(string before, string after, string id)
    {
        var source = Sources.Usings + Layer + Config;
        Assert.Contains(before, source, StringComparison.Ordinal);
        await OnlyOurs(id, source.Replace(before, after, StringComparison.Ordinal));
    }

    [Fact]
    public void ABlockWhoseErrorIsSuppressed_RefusesToRun()
    {
        var text = Run(Sources.Config, Sources.Block("[MoeBlock<GroupLimitedSoftmaxRouter, SwiGlu>]")).Files["Sample.Block.g.cs"];
        Assert.Contains("nothing is generated, since the declaration is wrong", text, StringComparison.Ordinal);
        Assert.Contains("throw new global::System.NotSupportedException(\"Sample.Block is declared wrongly: the compiler has said how\")", text, StringComparison.Ordinal);
    }

    private static async Task OnlyOurs(string id, params string[] sources)
    {
        Assert.Empty(Run(sources).Compilation.GetDiagnostics().Where(static finding => finding.Severity == Microsoft.CodeAnalysis.DiagnosticSeverity.Error));
        Assert.Contains(await Analysis.Run(sources), finding => finding.Id == id);
    }

    private static (Microsoft.CodeAnalysis.Compilation Compilation, IReadOnlyDictionary<string, string> Files) Run(params string[] sources)
    {
        var driver = TestCompilation.Driver().RunGeneratorsAndUpdateCompilation(TestCompilation.Of(sources), out var output, out _);
        return (output, GeneratorRun.FilesOf(driver.GetRunResult()));
    }
}
