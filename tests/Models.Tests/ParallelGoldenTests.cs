using Moesaic.Communication;
using Moesaic.Eplb;
using Moesaic.Testing;
using Moesaic.Verification;
using static TorchSharp.torch;

namespace Moesaic.Models.Tests;

/// <summary>Architectures cut over ranks against what the reference implementation computes; ranks are threads. The tool's tests do the same with processes.</summary>
public sealed class ParallelGoldenTests
{
    /// <summary>Each kind of experts: per expert, stacked, interleaved, transposed, biased, fp8, MXFP4; shared ones with and without a gate.</summary>
    private static readonly string[] Kinds =
        ["mixtral", "qwen2_moe", "deepseek_v3", "deepseek_v3_fp8", "gpt_oss", "gpt_oss_mxfp4", "granitemoeshared", "aria_text"];

    private static readonly ParallelLayout[] Cuts =
    [
        new() { Expert = 4 },
        new() { Tensor = 2 },
        new() { Tensor = 4 }, // More than key heads.
        new() { Expert = 3, Placement = PlacementStrategy.RoundRobin }, // Does not divide the experts.
        new() { Data = 2, Expert = 2 },
        new() { Data = 3, Dispatch = ExpertDispatch.AllToAll }, // One data rank has no row.
        new() { Data = 2, Expert = 2, Tensor = 2, Dispatch = ExpertDispatch.AllToAll },
    ];

    private static readonly ParallelLayout Both = new() { Tensor = 2, Expert = 2 };

    static ParallelGoldenTests() => _ = GoldenCases.All;

    public static TheoryData<string, int> Cases()
    {
        var data = new TheoryData<string, int>();
        foreach (var name in Kinds)
        {
            for (var cut = 0; cut < Cuts.Length; cut++)
            {
                data.Add(name, cut);
            }
        }

        return data;
    }

    public static TheoryData<string> Declared() => [.. GoldenCases.Declared];

    public static TheoryData<string> Quantized() => ["deepseek_v3_fp8", "gpt_oss_mxfp4", "qwen3_moe_fp8"];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Cut_EqualsTheReference(string name, int cut) => Verify(name, Cuts[cut]);

    [Theory]
    [MemberData(nameof(Declared))]
    public void ExpertsAndMatricesCut_EqualsTheReference(string name) => Verify(name, Both);

    [Theory]
    [MemberData(nameof(Quantized))]
    public void QuantizedExperts_StayQuantizedOnEachRank(string name)
    {
        using var whole = PretrainedModel.Load(TestData.Golden(name));
        using var ids = tensor(new long[] { 5, 17, 42, 99, 3, 61, 28, 110, 7, 23, 77 }, [1, 11]);
        using var expected = Logits(whole, ids);
        ThreadWorld.Run(4, world =>
        {
            using var context = new ParallelContext(world, Both);
            using var part = PretrainedModel.Load(TestData.Golden(name), new() { Parallel = context });
            using var actual = Logits(part, ids);

            Assert.InRange(Bytes(part), Bytes(whole) / 5, Bytes(whole) / 2);
            Assert.InRange((expected - actual).abs().max().item<float>() / expected.abs().max().item<float>(), 0, 0.05f); // In bfloat16.
        });
    }

    [Theory]
    [InlineData("mixtral", 3, "query heads, 4; 2 or 4 would do")]
    [InlineData("deepseek_v3", 8, "heads, 4; 4 would do")]
    [InlineData("olmoe", 5, "intermediate size, 24; 4 or 6 would do")]
    public void RanksThatDoNotDivide_AreRefusedWithTheNearestThatDo(string name, int tensorRanks, string words)
    {
        var error = Assert.Throws<ParallelException>(() => ThreadWorld.Run(tensorRanks, world =>
        {
            using var context = new ParallelContext(world, new() { Tensor = tensorRanks });
            PretrainedModel.Load(TestData.Golden(name), new() { Parallel = context }).Dispose();
        }));

        Assert.StartsWith($"--tp {tensorRanks}: model.layers.", error.Message);
        Assert.Contains(words, error.Message);
    }

    [Fact]
    public void AttentionThatIsNotKnownToBeCut_IsToldToBeWhole() => ThreadWorld.Run(2, world =>
    {
        using var context = new ParallelContext(world, new() { Tensor = 2 });
        using var model = ModelFolder.Open(TestData.Golden("olmoe"), context);

        Assert.Contains("model.layers.0.self_attn: whole on every rank", context.Notes[0]);
    });

    [Fact]
    public void WrongWordOnHeads_IsFoundByTheModelCheck() =>
        Assert.Contains("HeadsAreIndependent", Assert.Throws<ModelCheckException>(() => ModelCheck.RanksAgree(() => new BoastfulModel())).Message);

    private static void Verify(string name, ParallelLayout layout) => ThreadWorld.Run(layout.World, world =>
    {
        using var context = new ParallelContext(world, layout);
        using var model = PretrainedModel.Load(TestData.Golden(name), new() { Dtype = float32, Parallel = context });
        using var reference = ReferenceOutputs.Load(Path.Combine(TestData.Golden(name), "expected.safetensors"), model.Network);

        var result = VerificationResult.Run(model.Network, reference);

        Assert.InRange(result.MaxAbsError, 0, 1e-4);
        Assert.Equal(result.GreedyTotal, result.GreedyMatched);
    });

    private static Tensor Logits(PretrainedModel model, Tensor ids)
    {
        using var inference = inference_mode();
        using var logits = model.Network.forward(ids);
        return logits.to(float32);
    }

    private static long Bytes(PretrainedModel model) => model.Network.modules().OfType<FusedExperts>().Sum(experts => experts.QuantizedBytes);
}
