using Microsoft.CodeAnalysis;
using Moesaic.Generators.Tests.Harness;

namespace Moesaic.Generators.Tests.Heuristics;

/// <summary>What others guess when a model is loaded is declared here: wrong, it is refused; right, nobody says a word. Rows of docs/heuristics.md.</summary>
public sealed class HeuristicsTests
{
    private const string MixtralWeights = "[ExpertWeights(Gate = \"w1\", Up = \"w3\", Down = \"w2\")]";

    // The right declarations are the shipped ones: GoldenCheckpointTests holds that each is silent.

    /// <summary>Row 1: a block is one because it says so, whatever config.json calls the number of experts.</summary>
    [Theory]
    [InlineData("public sealed partial class Block(Numbers config) : MoeBlock(config);", 0)]
    [InlineData("public sealed partial class Block(Numbers config) : ExplicitModule;", 1)]
    public async Task Row01_ABlockIsAnnotated(string block, int wrong) => Assert.Equal(wrong, (await Analysis.Run(Sources.Usings + $$"""
        public sealed record Numbers(int HiddenSize, int NumExperts, int TopK, int MoeIntermediateSize, bool NormTopkProb) : IMoeConfig;

        [MoeBlock<SoftmaxTopKRouter, SwiGlu>]
        {{block}}
        """)).Count(static finding => finding.Id == "MOE0002"));

    /// <summary>Row 2: experts lie where the declaration says.</summary>
    [Fact]
    public async Task Row02_ExpertsHaveADeclaredName() => Has(
        await Declarations.Find("mixtral", "Mixtral", (MixtralWeights, MixtralWeights.Replace("Gate", "Experts = \"experts.mlp\", Gate", StringComparison.Ordinal))),
        "MOE0024", "block_sparse_moe.experts.mlp.0.w1.weight");

    /// <summary>Row 3: how they lie is not concluded from the number of dimensions.</summary>
    [Theory]
    [InlineData("Layout = ExpertLayout.Flat", "MOE0027", "it is stacked")]
    [InlineData("Layout = ExpertLayout.PerExpert", "MOE0023", "input_linear.weight")]
    public async Task Row03_LayoutIsDeclared(string layout, string id, string text) =>
        Has(await Declarations.Find("granitemoe", "GraniteMoe", ("Layout = ExpertLayout.Stacked", layout)), id, text);

    /// <summary>Row 4: biases are declared, not found by a part of a name.</summary>
    [Fact]
    public async Task Row04_BiasIsDeclared()
    {
        Has(await Declarations.Find("gpt_oss", "GptOss", (", Transposed = true, Bias = true", ", Transposed = true")), "MOE0023", "[ExpertWeights(Bias = true)]");
        Has(await Declarations.Find("mixtral", "Mixtral", (MixtralWeights, MixtralWeights.Replace(")]", ", Bias = true)]", StringComparison.Ordinal))), "MOE0024", "w1.bias");
    }

    /// <summary>Row 5: shared experts are declared, with their name; zero of them are none.</summary>
    [Fact]
    public async Task Row05_SharedExpertsAreDeclared()
    {
        Has(await Declarations.Find("hunyuan_v1_moe", "HunyuanMoe", ("[SharedExperts(Name = \"shared_mlp\")]", "")), "MOE0023", "[SharedExperts]");
        Has(await Declarations.Find("deepseek_v3", "DeepseekV3", static golden => golden.Config["n_shared_experts"] = 0), "MOE0032", "SharedExpertsIntermediateSize is 0");
        Assert.Empty(await Declarations.Find("ernie4_5_moe", "Ernie45Moe", WithoutShared));
        Has(await Declarations.Find("ernie4_5_moe", "Ernie45Moe", static golden => golden.Config["moe_num_shared_experts"] = 0), "MOE0023", "shared_experts.up_proj.weight");

        static void WithoutShared(GoldenCheckpoint golden)
        {
            golden.Config["moe_num_shared_experts"] = 0;
            foreach (var name in golden.Tensors.Keys.Where(static name => name.Contains("shared_experts", StringComparison.Ordinal)).ToArray())
            {
                golden.Tensors.Remove(name);
            }
        }
    }

    /// <summary>Row 6: config keys are declared; missing or contradictory, the message names them.</summary>
    [Fact]
    public async Task Row06_ConfigKeysAreDeclared()
    {
        Has(await Declarations.Find("mixtral", "Mixtral", ("[ConfigKey(\"num_local_experts\")] ", "")), "MOE0025", "`num_experts`: expected a whole number, found none");
        Has(
            await Declarations.Find(
                "mixtral", "Mixtral", static golden => golden.Config["num_experts"] = 3, ("[ConfigKey(\"num_local_experts\")]", "[ConfigKey(\"num_local_experts\", \"num_experts\")]")),
            "MOE0026", "`num_local_experts` is 8 and `num_experts` is 3");
    }

    /// <summary>Row 7: the activation is a type, and each of its numbers has a config property.</summary>
    [Fact]
    public async Task Row07_ActivationIsAType()
    {
        Has(await Declarations.Find("mixtral", "Mixtral", ("SwiGlu>", "ClampedSwiGlu>")), "MOE0003", "ClampedSwiGlu");
        Has(await Declarations.Find("qwen3_moe", "Qwen3Moe", static golden => golden.Config["hidden_act"] = "gelu"), "MOE0025", "\"silu\"");
        Has(await Declarations.Find("mixtral", "Mixtral", ("SwiGlu>", "SquaredRelu>")), "MOE0029", "has no gate");
    }

    /// <summary>Row 8: whether weights are renormalized is a config property, or a constant that the record states.</summary>
    [Fact]
    public async Task Row08_RenormalizationIsDeclared()
    {
        Has(await Declarations.Find("mixtral", "Mixtral", ("public bool NormTopkProb => true;", "")), "MOE0003", "NormTopkProb");
        Has(await Declarations.Find("mixtral", "Mixtral", static golden => golden.Config["num_experts_per_tok"] = 1), "MOE0031", "always 1");
    }

    /// <summary>Row 9: scoring, groups and scale are the router's type and its numbers; these fit together.</summary>
    [Fact]
    public async Task Row09_RoutingIsDeclared()
    {
        Has(await Declarations.Find("deepseek_v3", "DeepseekV3", static golden => golden.Config["n_group"] = 3), "MOE0030", "do not form 3 groups");
        Has(await Declarations.Find("mixtral", "Mixtral", ("SoftmaxTopKRouter", "GroupLimitedSoftmaxRouter")), "MOE0003", "NumExpertGroups");
        Has(await Declarations.Find("deepseek_v3", "DeepseekV3", ("SelectionBias = \"gate.e_score_correction_bias\", ", "")), "MOE0023", "SelectionBias = \"gate.e_score_correction_bias\"");
    }

    /// <summary>Row 10: state on the block itself has a role.</summary>
    [Theory]
    [InlineData("lfm2_moe", "Lfm2Moe", "[RouterWeights(SelectionBias = \"expert_bias\", SelectionBiasIf = nameof(Lfm2MoeConfig.UseExpertBias))]")]
    [InlineData("minimax_m2", "MiniMaxM2", "SelectionBias = \"e_score_correction_bias\"")]
    public async Task Row10_StateOfTheBlockHasARole(string golden, string folder, string declared) =>
        Has(await Declarations.Find(golden, folder, (declared, declared.StartsWith('[') ? "" : "Bias = false")), "MOE0023", "it moves the choice of experts");

    /// <summary>Row 10: a bias that only some configs have is there when the config says so.</summary>
    [Theory]
    [InlineData(true, null)]
    [InlineData(false, "MOE0023")]
    public async Task Row10_ABiasThatSomeModelsHave(bool useExpertBias, string? id)
    {
        var found = await Declarations.Find("lfm2_moe", "Lfm2Moe", golden => golden.Config["use_expert_bias"] = useExpertBias);
        Assert.Equal(id is null ? [] : [id], found.Select(static finding => finding[..7]));
    }

    /// <summary>Row 11: a weight on the input is declared, and generated as such for any K.</summary>
    [Theory]
    [InlineData("[RouterWeights(OnInput = true)]", "Experts.ForwardWeightedInputsPartial(")]
    [InlineData("", "Experts.ForwardPartial(")]
    public void Row11_WeightOnInputIsDeclared(string attribute, string call) =>
        Assert.Contains(call, GeneratorRun.Of(Sources.Config, Sources.Block($"[MoeBlock<TopKSigmoidRouter, SwiGlu>]{attribute}")).File(), StringComparison.Ordinal);

    /// <summary>Row 12: each tensor has one place, and each place a tensor.</summary>
    [Fact]
    public async Task Row12_NamesAreDeclared()
    {
        Has(await Declarations.Find("mixtral", "Mixtral", (MixtralWeights, "")), "MOE0023", "experts.0.w1.weight");
        Has(await Declarations.Find("mixtral", "Mixtral", (MixtralWeights, MixtralWeights.Replace("\"w3\"", "\"w1\"", StringComparison.Ordinal))), "MOE0008", "must have different names");
    }

    /// <summary>Row 13: transposed is declared. Where both orders have one shape, nothing is concluded from it.</summary>
    [Fact]
    public async Task Row13_TransposedIsDeclared()
    {
        Has(await Declarations.Find("aria_text", "Aria", ("Transposed = true", "Transposed = false")), "MOE0027", "is transposed, or declared so");
        Assert.Empty(await Declarations.Find("gpt_oss", "GptOss", static golden => Square(golden)));

        static void Square(GoldenCheckpoint golden)
        {
            // [E, D, 2F] with D = 2F, as gpt-oss nearly has: the declaration decides.
            var width = (int)golden.Config["hidden_size"]! / 2;
            golden.Config["intermediate_size"] = width;
            foreach (var (name, shape) in golden.Tensors.Where(static t => t.Key.Contains(".experts.", StringComparison.Ordinal)))
            {
                var isDown = name.Contains("down_proj", StringComparison.Ordinal);
                shape[1] = name.EndsWith("bias", StringComparison.Ordinal) ? 2 * width : isDown ? width : 2 * width;
            }

            foreach (var name in golden.Tensors.Keys.Where(static name => name.EndsWith("experts.gate_up_proj", StringComparison.Ordinal)).ToArray())
            {
                golden.Tensors[name][2] = 2 * width;
            }
        }
    }

    /// <summary>Row 15: a router that returns something else is no router.</summary>
    [Fact]
    public void Row15_RoutesAreATypedRecord() => Assert.Contains(
        TestCompilation.Of(Sources.Usings + """
            public readonly struct Own : IRouter
            {
                public (Tensor Weights, Tensor Ids) Route(Tensor routerLogits, Tensor? selectionBias) => throw new NotSupportedException();
            }
            """).GetDiagnostics(),
        static finding => finding.Severity == DiagnosticSeverity.Error && finding.Id == "CS0738");

    /// <summary>Row 16: what a block reduces is a type. The generated forward reduces once on every path; a forward that adds what is reduced to what is not does not compile.</summary>
    [Theory]
    [InlineData("", 1)]
    [InlineData("[SharedExperts]", 1)]
    [InlineData("[SharedExperts(Gated = true)]", 1)]
    [InlineData("[SharedExperts(Optional = true)]", 2)] // One where there are some, one where there are none.
    public void Row16_AnythingIsReducedOnce(string attribute, int reductions)
    {
        const string Plain = "[MoeBlock<SoftmaxTopKRouter, SwiGlu>]";
        var text = GeneratorRun.Of(Sources.Config, Sources.Block(Plain + attribute)).File();
        Assert.Equal(reductions, text.Split(".Reduce()").Length - 1);

        var wrong = GoldenCheckpoint.Compile([Sources.Config, Sources.Block(Plain + "[SharedExperts]", """

            {
                public override Tensor forward(Tensor x)
                {
                    using var routing = Router.Route(Gate.forward(x), null);
                    return (Experts.Forward(x, routing.TopKIds, routing.TopKWeights) + SharedExperts.ForwardPartial(x)).Reduce().Value;
                }
            }
            """)]);
        Assert.Equal(["CS0019"], wrong.GetDiagnostics().Where(static finding => finding.Severity == DiagnosticSeverity.Error).Select(static finding => finding.Id));
    }

    /// <summary>Row 19: the router's dtype is declared; a checkpoint that keeps it wide says otherwise.</summary>
    [Fact]
    public async Task Row19_RouterDtypeIsDeclared()
    {
        Has(await Declarations.Find("deepseek_v3", "DeepseekV3", Released, (", Float32 = true", "")), "MOE0034", "Float32 = true");
        Assert.Empty(await Declarations.Find("deepseek_v3", "DeepseekV3", Released));

        static void Released(GoldenCheckpoint golden) => golden.Dtype = static name => name.Contains("mlp.gate.", StringComparison.Ordinal) ? "F32" : "BF16";
    }

    /// <summary>Row 20: which layers have experts is a condition in plain C#; wrong, the layer's tensors do not fit.</summary>
    [Fact]
    public async Task Row20_ScheduleIsDeclared() => Has(
        await Declarations.Find("deepseek_v3", "DeepseekV3", ("layerIndex < config.FirstKDenseReplace", "layerIndex > config.FirstKDenseReplace")),
        "MOE0024", "model.layers.0.mlp");

    /// <summary>Row 22: what ranks cannot share is known before a process starts.</summary>
    [Theory]
    [InlineData("2, 4", null)]
    [InlineData("3", "divides its query heads, 4; 2 or 4 would do")]
    [InlineData("5", "divides its intermediate size, 24; 4 would do")]
    public async Task Row22_RanksAreDeclared(string ranks, string? words)
    {
        var found = await Declarations.Find("mixtral", "Mixtral", golden => golden.TensorParallel = ranks);
        if (words is null)
        {
            Assert.Empty(found);
        }
        else
        {
            Has(found, "MOE0036", words);
        }
    }

    /// <summary>Row 24: a model that is not declared is named, with the one that is asked for; and one that answers to other names than config.json asks for.</summary>
    [Fact]
    public async Task Row24_UnknownModelIsNamed()
    {
        const string Nothing = "{ \"weight_map\": {} }";
        Has(await Find(TestCompilation.Of(""), "OwnForCausalLm", "{}"), "MOE0028", "no model OwnForCausalLm; correct");
        Has(await Find(GoldenCheckpoint.Declarations, "Mixtral", """{ "model_type": "mixtral" }"""), "MOE0028", "and MixtralForCausalLm answers to this config.json");
        Has(await Declarations.Find("mixtral", "Mixtral", ("\"mixtral\", Architectures = [\"MixtralForCausalLM\"]", "\"mixtral_8x7b\"")), "MOE0025", "expected \"mixtral_8x7b\", found \"MixtralForCausalLM\" and \"mixtral\"");

        static async Task<IReadOnlyList<string>> Find(Compilation declarations, string model, string config) =>
            [.. (await CheckpointRun.Of(declarations, model, config, Nothing)).Select(static finding => $"{finding.Id}: {finding.GetMessage(null)}")];
    }

    /// <summary>Row 25: what was understood stands in the header of the generated file.</summary>
    [Fact]
    public void Row25_DecisionsAreWritten() => Assert.Contains(
        "router      SoftmaxTopKRouter", GeneratorRun.Of(Sources.Config, Sources.Block("[MoeBlock<SoftmaxTopKRouter, SwiGlu>]")).File(), StringComparison.Ordinal);

    private static void Has(IReadOnlyList<string> found, string id, string text) =>
        Assert.Contains(found, finding => finding.StartsWith(id, StringComparison.Ordinal) && finding.Replace("`", "", StringComparison.Ordinal).Contains(text.Replace("`", "", StringComparison.Ordinal), StringComparison.Ordinal));
}
