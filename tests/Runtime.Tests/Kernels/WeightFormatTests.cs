using Moesaic.Checkpoints;
using Moesaic.Configs;
using Moesaic.Kernels.Cpu;
using Moesaic.Tests.Checkpoints;
using Moesaic.Tests.Moe;
using TorchSharp;
using static TorchSharp.torch;

namespace Moesaic.Tests.Kernels;

/// <summary>Quantized weights, computed with where they lie, give what the same weights give when the loader has widened them to float32.</summary>
public sealed class WeightFormatTests : IDisposable
{
    private const int Count = 3, Hidden = 160, Width = 288;

    private readonly CheckpointCase _case = new();

    public static TheoryData<int, int, ScalarType> Widths()
    {
        var widths = new TheoryData<int, int, ScalarType>();
        foreach (var bits in new[] { 256, 512 }.Where(bits => bits <= VectorKernel.VectorBits))
        {
            foreach (var tokens in new[] { 1, 9, 40 })
            {
                widths.Add(bits, tokens, ScalarType.Float32);
                widths.Add(bits, tokens, ScalarType.BFloat16);
            }
        }

        return widths;
    }

    public void Dispose() => _case.Dispose();

    [Theory]
    [MemberData(nameof(Widths))]
    public void Fp8Blocks_EqualWideWeights(int bits, int tokens, ScalarType dtype)
    {
        Write(2, 128, 128);
        Compare(bits, tokens, dtype, """{"quant_method":"fp8","weight_block_size":[128,128]}""", WeightEncoding.Fp8Blocks);
    }

    [Theory]
    [MemberData(nameof(Widths))]
    public void Fp8BlocksOfFewRows_EqualWideWeights(int bits, int tokens, ScalarType dtype)
    {
        Write(2, 7, 128);
        Compare(bits, tokens, dtype, """{"quant_method":"fp8","weight_block_size":[7,128]}""", WeightEncoding.Fp8Blocks);
    }

    [Theory]
    [MemberData(nameof(Widths))]
    public void Fp8Channels_EqualWideWeights(int bits, int tokens, ScalarType dtype)
    {
        Write(2, 1, Math.Max(Hidden, Width));
        Compare(bits, tokens, dtype,
            """{"quant_method":"compressed-tensors","format":"float-quantized","config_groups":{"group_0":{"weights":{"type":"float","num_bits":8,"symmetric":true,"strategy":"channel"}}}}""",
            WeightEncoding.Fp8Rows);
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(128f)]
    public void AScaleBeyondTheKernel_IsRefused(float scale)
    {
        using var scope = NewDisposeScope();
        _case.Write(
            ("w13", Codes(Count, 2 * Width, Hidden)), ("w13_scale_inv", full([Count, 5, 2], scale)),
            ("w2", Codes(Count, Hidden, Width)), ("w2_scale_inv", ones(Count, 2, 3)));
        using var experts = Load(null, """{"quant_method":"fp8","weight_block_size":[128,128]}""");
        Assert.StartsWith(
            "eager, which runs everywhere; fused cannot: the weights stay quantized, and w13: it has a scale of 128 or more", experts.BackendReason, StringComparison.Ordinal);
    }

    private void Compare(int bits, int tokens, ScalarType dtype, string quantization, WeightEncoding encoding)
    {
        using var scope = NewDisposeScope();
        using var stored = Load(null, quantization);
        using var wide = Load(float32, quantization);
        stored.to(dtype);
        wide.Backend = ExpertsBackend.Eager;
        Assert.Equal((encoding, ExpertsBackend.Fused), (FusedCpuExperts.Encoding(stored.Tensors), stored.Choice.Backend));
        using var generator = new Generator(5, CPU);
        var x = randn([tokens, Hidden], generator: generator).to(dtype);
        var ids = (arange(tokens * 2) * 7 % Count).view(tokens, 2).to(int32);
        var weights = rand([tokens, 2], generator: generator);

        var result = new FusedCpuExperts(static _ => 1, bits).Run(new(x, ids, weights, stored.Tensors));

        Close.Assert(
            ExpertsCase.Matrix(wide.Forward(x.to(float32), ids, weights)), ExpertsCase.Matrix(result), dtype == ScalarType.Float32 ? 1e-5 : 1.0 / 256);
    }

    private void Write(int seed, long blockRows, long blockColumns)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator((ulong)seed, CPU);
        var isChannel = blockRows == 1;
        _case.Write([.. Pair("w13", 2 * Width, Hidden), .. Pair("w2", Hidden, Width)]);

        IEnumerable<(string, Tensor)> Pair(string name, long rows, long columns) =>
        [
            (name, Codes(Count, rows, columns)),
            ($"{name}_scale{(isChannel ? "" : "_inv")}", (rand([Count, Fp8Tensor.Blocks(rows, blockRows), Fp8Tensor.Blocks(columns, blockColumns)], generator: generator) + 0.5f) / 100),
        ];
    }

    /// <summary>Every code but the two that are no number, then numbers of all sizes.</summary>
    private static Tensor Codes(params long[] shape)
    {
        var codes = arange(shape.Aggregate(1L, static (a, b) => a * b)).mul(37).remainder(256);
        var numbers = codes.where((codes.remainder(128) == 127).logical_not(), zeros_like(codes)).to(ScalarType.Byte).view(shape);
        return Moesaic.Native.Aten.View(numbers, (ScalarType)24);
    }

    private FusedExperts<SwiGlu> Load(ScalarType? dtype, string quantization)
    {
        var config = ConfigReader.Parse($$"""{"dtype":"bfloat16","quantization_config":{{quantization}}}""", "config.json");
        var experts = new FusedExperts<SwiGlu>(Count, Hidden, Width);
        using var checkpoint = Checkpoint.Open(_case.Folder.ToString());
        WeightLoader.Load(WeightPlan.For(experts, checkpoint, [], CheckpointQuantization.Read(config)), dtype, CPU);
        return experts;
    }
}
