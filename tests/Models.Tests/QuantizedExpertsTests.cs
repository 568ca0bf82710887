using Moesaic.Verification;
using TorchSharp;
using static TorchSharp.torch;

namespace Moesaic.Models.Tests;

/// <summary>Routed experts that stay quantized compute what wide ones do.</summary>
public sealed class QuantizedExpertsTests
{
    public static TheoryData<string> Quantized() => ["deepseek_v3_fp8", "qwen3_moe_fp8", "gpt_oss_mxfp4"];

    [Theory]
    [MemberData(nameof(Quantized))]
    public void Logits_EqualThoseOfWideExperts(string name)
    {
        using var inference = inference_mode();
        using var scope = NewDisposeScope();
        using var stored = PretrainedModel.Load(TestData.Golden(name), new() { Experts = ExpertsBackend.Eager });
        using var wide = PretrainedModel.Load(TestData.Golden(name), new() { Dtype = bfloat16, Experts = ExpertsBackend.Eager });
        var ids = tensor(new[] { 5L, 17, 42, 99, 3, 61, 28, 110, 7, 23, 77 }, [1, 11]);

        Assert.True(stored.Network.forward(ids).equal(wide.Network.forward(ids)).all().item<bool>());
    }

    [Theory]
    [MemberData(nameof(Quantized))]
    public void DecodedInFloat32_EqualsTheReference(string name)
    {
        using var model = PretrainedModel.Load(TestData.Golden(name));
        model.Network.to(float32);
        using var reference = ReferenceOutputs.Load(Path.Combine(TestData.Golden(name), "expected.safetensors"), model.Network);

        var result = VerificationResult.Run(model.Network, reference);

        Assert.All(Experts(model), experts => Assert.NotEqual(0, experts.QuantizedBytes));
        Assert.InRange(result.MaxAbsError, 0, 1e-4);
        Assert.Equal(result.GreedyTotal, result.GreedyMatched);
    }

    [Theory]
    [MemberData(nameof(Quantized))]
    public void ExpertsTakeTheBytesOfTheFile_UnlessADtypeIsAskedFor(string name)
    {
        using var stored = PretrainedModel.Load(TestData.Golden(name));
        using var wide = PretrainedModel.Load(TestData.Golden(name), new() { Dtype = bfloat16 });

        Assert.All(Experts(stored), experts =>
        {
            var weights = experts.W13.numel() + experts.W2.numel();
            // MXFP4: half a byte, and a byte for 32. Fp8: a byte, and here, where blocks are small and those at the edges smaller, 4 bytes for 192 at the least.
            var most = name.EndsWith("mxfp4", StringComparison.Ordinal) ? weights * 17 / 32 : weights * 196 / 192;
            Assert.InRange(experts.QuantizedBytes, 1, most);
            Assert.Equal(DeviceType.META, experts.W13.device_type);
            Assert.Equal(
                name.EndsWith("mxfp4", StringComparison.Ordinal) ? ExpertsBackend.Fused : ExpertsBackend.Eager, // Here scales cover 16 columns.
                experts.Choice.Backend);
        });
        Assert.All(Experts(wide), experts => Assert.Equal(0, experts.QuantizedBytes));
        Assert.All(stored.Network.named_parameters(), parameter =>
            Assert.Equal(IsExperts(parameter.name), parameter.parameter.device_type == DeviceType.META));
    }

    private static bool IsExperts(string name) =>
        name.EndsWith("experts.w13", StringComparison.Ordinal) || name.EndsWith("experts.w2", StringComparison.Ordinal);

    private static List<FusedExperts> Experts(PretrainedModel model) => [.. model.Network.modules().OfType<FusedExperts>()];
}
