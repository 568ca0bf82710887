using Moesaic.Checkpoints;
using Moesaic.Configs;
using Moesaic.Tests.Checkpoints;
using TorchSharp;
using static TorchSharp.torch;

namespace Moesaic.Tests.Moe;

/// <summary>Experts whose weights stay in the file as fp8 with block scales.</summary>
public sealed class QuantizedExpertsTests : IDisposable
{
    private const int Count = 3, Hidden = 10, Width = 7;

    private readonly CheckpointCase _case = new();

    public QuantizedExpertsTests() => _case.Write(
        ("w13", Codes(Count, 2 * Width, Hidden)), ("w13_scale_inv", rand(Count, 5, 3) + 0.5f),
        ("w2", Codes(Count, Hidden, Width)), ("w2_scale_inv", rand(Count, 4, 2) + 0.5f));

    public void Dispose() => _case.Dispose();

    [Fact]
    public void TheyComputeWhatWideOnesDo()
    {
        using var scope = NewDisposeScope();
        using var stored = Load(null);
        using var wide = Load(bfloat16);
        wide.Backend = ExpertsBackend.Eager;

        Assert.Equal(Count * ((3 * Hidden * Width) + (4 * (15 + 8))), stored.QuantizedBytes);
        Assert.True(Run(stored).equal(Run(wide)).all().item<bool>());
    }

    [Fact]
    public void AForward_LeavesOnlyItsResult()
    {
        using var scope = NewDisposeScope();
        using var experts = Load(null);
        using var x = ones(4, Hidden, dtype: bfloat16);
        using var ids = tensor(new[] { 0, 1, 2, 0, 1, 2, 2, 1 }, [4, 2], dtype: int32);
        using var weights = ones(4, 2);
        experts.Forward(x, ids, weights).Dispose();
        using var tensors = new NewTensors();

        using (experts.Forward(x, ids, weights))
        {
            Assert.Equal(1, tensors.Count);
        }

        Assert.Equal(0, tensors.Count);
    }

    [Fact]
    public void TheyAreDecodedInTheDtypeOfTheModel_AndStayWhereTheyAre()
    {
        using var scope = NewDisposeScope();
        using var experts = Load(null);
        var bytes = experts.QuantizedBytes;

        experts.to(float32);

        Assert.Equal((bytes, float32), (experts.QuantizedBytes, Run(experts).dtype));
        experts.to(CPU);
        Assert.Equal(bytes, experts.QuantizedBytes);
        Assert.Contains("w13 is quantized", Assert.Throws<InvalidOperationException>(() => experts.to(META)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void TheyAreNotWritten()
    {
        using var experts = Load(null);
        var error = Assert.Throws<InvalidOperationException>(() => CheckpointWriter.Write(experts, _case.Folder["copy.safetensors"]));
        Assert.Equal("w13 is quantized; load the checkpoint in a dtype to write it", error.Message);
    }

    [Fact]
    public void OtherValuesReplaceThem()
    {
        using var experts = Load(null);
        RandomWeights.Fill(experts, 1, float32);
        Assert.Equal((0, DeviceType.CPU), (experts.QuantizedBytes, experts.W13.device_type));
    }

    private static Tensor Codes(params long[] shape) => (randn(shape) * 4).to((ScalarType)24);

    private static Tensor Run(FusedExperts experts)
    {
        var x = arange(4 * Hidden).reshape(4, Hidden).to(experts.W13.dtype) / 40;
        return experts.Forward(x, tensor(new[] { 0, 1, 2, 0, 1, 2, 2, 1 }, [4, 2], dtype: int32), ones(4, 2));
    }

    private FusedExperts<SwiGlu> Load(ScalarType? dtype)
    {
        var config = ConfigReader.Parse(
            """{"dtype":"bfloat16","quantization_config":{"quant_method":"fp8","weight_block_size":[3,4]}}""", "config.json");
        var experts = new FusedExperts<SwiGlu>(Count, Hidden, Width);
        using var checkpoint = Checkpoint.Open(_case.Folder.ToString());
        WeightLoader.Load(WeightPlan.For(experts, checkpoint, [], CheckpointQuantization.Read(config)), dtype, CPU);
        return experts;
    }
}
