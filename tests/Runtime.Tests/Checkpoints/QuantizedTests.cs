using Moesaic.Checkpoints;
using Moesaic.Configs;
using static TorchSharp.torch;

namespace Moesaic.Tests.Checkpoints;

/// <summary>Quantized tensors, written with this test's own arithmetic and read by the loader.</summary>
public sealed class QuantizedTests : IDisposable
{
    private const ScalarType E4M3 = (ScalarType)24;
    private const ScalarType E8M0 = (ScalarType)44;
    private const string Blocks = """{"quant_method":"fp8","fmt":"e4m3","activation_scheme":"dynamic","weight_block_size":[3,4]}""";
    private const string Plain = """{"quant_method":"fp8","activation_scheme":"static"}""";
    private const string Channels =
        """{"quant_method":"compressed-tensors","format":"float-quantized","config_groups":{"group_0":{"weights":{"num_bits":8,"type":"float","strategy":"channel"}}}}""";

    private readonly CheckpointCase _case = new();

    public void Dispose() => _case.Dispose();

    [Theory]
    [InlineData(7, 10, 3, 3)] // Blocks at the edges are smaller.
    [InlineData(6, 8, 2, 2)]
    [InlineData(2, 3, 1, 1)] // Smaller than one block.
    public void Fp8_IsScaledByBlocks(int rows, int columns, int blockRows, int blockColumns)
    {
        var (values, scales) = (Values(rows, columns), Scales(blockRows, blockColumns));
        _case.Write(("w", values), ("w_scale_inv", scales));

        var model = Load(Blocks, new TestModule().With("w", [rows, columns]));

        Same(model["w"], values, (row, column) => scales[row / 3, column / 4].item<float>());
    }

    [Fact]
    public void Fp8_HasAScaleATensorOrARow()
    {
        var (a, b, c) = (Values(5, 4), Values(5, 4), Values(5, 4));
        var rows = Scales(5, 1);
        _case.Write(("a", a), ("a_scale", tensor(0.5f)), ("b", b), ("b_scale", rows), ("c", c), ("c_scale_inv", tensor(new[] { 0.25f })));

        var model = Load(Plain, new TestModule().With("a", [5, 4]).With("b", [5, 4]).With("c", [5, 4]));

        Same(model["a"], a, (_, _) => 0.5f);
        Same(model["b"], b, (row, _) => rows[row, 0].item<float>());
        Same(model["c"], c, (_, _) => 0.25f);
    }

    [Fact]
    public void Fp8_GoesIntoItsPlaceAmongTheExperts()
    {
        const int experts = 2;
        var gate = Enumerable.Range(0, experts).Select(_ => Values(4, 8)).ToArray();
        var up = Enumerable.Range(0, experts).Select(_ => Values(4, 8)).ToArray();
        var scales = Enumerable.Range(0, experts).Select(_ => (Gate: Scales(2, 2), Up: Scales(3, 1))).ToArray();
        _case.Write([.. Enumerable.Range(0, experts).SelectMany(e => new[]
        {
            ($"{e}.gate", gate[e]), ($"{e}.gate_scale_inv", scales[e].Gate), ($"{e}.up", up[e].t().contiguous()), ($"{e}.up_scale_inv", scales[e].Up),
        })]);

        var model = Load(Blocks, new TestModule(
            new("{e}.gate", "w13") { Slice = WeightSlice.FirstHalf },
            new("{e}.up", "w13") { Slice = WeightSlice.SecondHalf, Transposed = true }).With("w13", [experts, 8, 8]));

        for (var e = 0; e < experts; e++)
        {
            var (gateScales, upScales) = scales[e];
            Same(model["w13"][e].narrow(0, 0, 4), gate[e], (row, column) => gateScales[row / 3, column / 4].item<float>());
            Same(model["w13"][e].narrow(0, 4, 4).t(), up[e].t(), (row, column) => upScales[row / 3, column / 4].item<float>());
        }
    }

    [Fact]
    public void StackedFp8_HasScalesOfEachExpert()
    {
        var (a, b) = (Values(3, 5, 4), Values(3, 5, 4));
        var (blocks, whole) = (Scales(3, 2, 1), Scales(3));
        _case.Write(("a", a), ("a_scale_inv", blocks));
        var model = Load(Blocks, new TestModule().With("a", [3, 5, 4]));
        _case.Write(("b", b), ("b_scale", whole));
        var other = Load(Plain, new TestModule().With("b", [3, 5, 4]));

        for (var e = 0; e < 3; e++)
        {
            var (index, own) = (e, blocks[e]);
            Same(model["a"][e], a[e], (row, _) => own[row / 3, 0].item<float>());
            Same(other["b"][e], b[e], (_, _) => whole[index].item<float>());
        }
    }

    [Fact]
    public void LargeMatrix_IsReadInParts()
    {
        const int rows = 4100, columns = 4096; // More than 2^24 elements.
        var (values, scales) = (Values(rows, columns), Scales((rows + 2) / 3, columns / 4));
        _case.Write(("w", values), ("w_scale_inv", scales));

        var model = Load(Blocks, new TestModule().With("w", [rows, columns]));

        var expected = values.to(float32) * scales.repeat_interleave(3, 0).narrow(0, 0, rows).repeat_interleave(4, 1);
        Assert.Equal(0, (model["w"] - expected).abs().max().item<float>());
    }

    [Fact]
    public void ScalesMayBePowersOfTwo()
    {
        var values = Values(3, 4);
        _case.Write(("w", values), ("w_scale_inv", tensor(new[] { 0.25f }, [1, 1]).to(E8M0)));
        Same(Load(Blocks, new TestModule().With("w", [3, 4]))["w"], values, (_, _) => 0.25f);
    }

    [Fact]
    public void DtypeIsThatOfTheConfig_UnlessAnotherIsAskedFor()
    {
        static TestModule New() => new TestModule().With("w", [3, 4]).With("norm", [4]).With("kept", [3, 4], "kept", float32);
        _case.Write(("w", Values(3, 4)), ("w_scale_inv", Scales(1, 1)), ("norm", ones(4).to(bfloat16)), ("kept", Values(3, 4)), ("kept_scale_inv", Scales(1, 1)));

        var stored = Load(Blocks, New(), null);
        Assert.Equal([bfloat16, bfloat16, float32], new[] { stored["w"].dtype, stored["norm"].dtype, stored["kept"].dtype });
        Assert.Equal(float16, Load(Blocks, New(), float16)["w"].dtype);
    }

    [Fact]
    public void Mxfp4_HasOutputsFirst_AlsoWhereThePlainTensorHasInputsFirst()
    {
        // E experts, D inputs, 2F outputs: gate and up alternate.
        const int experts = 2, inputs = 64, outputs = 6;
        var codes = randint(0, 256, new long[] { experts, outputs, inputs / 32, 16 }, dtype: uint8);
        var powers = randint(120, 134, new long[] { experts, outputs, inputs / 32 }, dtype: uint8);
        _case.Write(("gate_up_blocks", codes), ("gate_up_scales", powers), ("down", ones(experts, outputs / 2, inputs)));

        var model = Load("""{"quant_method":"mxfp4"}""", new TestModule(
            new("gate_up", "w13") { Transposed = true, Interleaved = true },
            new("down", "w2") { Transposed = true }).With("w13", [experts, outputs, inputs]).With("w2", [experts, inputs, outputs / 2]));

        float[] magnitudes = [0, 0.5f, 1, 1.5f, 2, 3, 4, 6];
        for (var e = 0; e < experts; e++)
        {
            for (var row = 0; row < outputs; row++)
            {
                for (var column = 0; column < inputs; column++)
                {
                    var stored = codes[e, row, column / 32, column % 32 / 2].item<byte>();
                    var code = column % 2 == 0 ? stored & 15 : stored >> 4;
                    var power = MathF.Pow(2, powers[e, row, column / 32].item<byte>() - 127);
                    var place = (row % 2 * outputs / 2) + (row / 2);
                    Assert.Equal((code > 7 ? -1 : 1) * magnitudes[code & 7] * power, model["w13"][e, place, column].item<float>());
                }
            }
        }
    }

    [Fact]
    public void Mxfp4_IsExactInBfloat16()
    {
        var codes = arange(256).to(uint8).view(1, 16, 16);
        _case.Write(("w_blocks", codes), ("w_scales", full(1, 16, 100, dtype: uint8)));
        static TestModule New() => new TestModule().With("w", [1, 512]);
        Assert.Equal(
            Load("""{"quant_method":"mxfp4"}""", New())["w"].data<float>().ToArray(),
            Load("""{"quant_method":"mxfp4"}""", New(), bfloat16)["w"].to(float32).data<float>().ToArray());
    }

    [Fact]
    public void ScalesOfActivations_AreLeftUnread()
    {
        _case.Write(("x.weight", Values(3, 4)), ("x.weight_scale", tensor(1f)), ("x.input_scale", tensor(1f)));
        var model = new TestModule().With("x.weight", [3, 4]);
        Assert.Equal(["x.input_scale"], Plan(Plain, model).Ignored);
        Assert.Contains("x.input_scale", Refusal("""{"quant_method":"fp8"}""", model), StringComparison.Ordinal);
    }

    [Fact]
    public void Plan_SaysWhatScalesWhat()
    {
        _case.Write(("w", Values(3, 4)), ("w_scale_inv", Scales(1, 1)));
        var assignment = Assert.Single(Plan(Blocks, new TestModule().With("w", [3, 4])).Assignments);
        Assert.Equal(("w", "w_scale_inv", bfloat16), (assignment.Tensor, assignment.Scales, assignment.ValueDtype));
    }

    [Fact]
    public void WrongScales_AreRefused()
    {
        var model = new TestModule().With("w", [7, 8]);
        _case.Write(("w", Values(7, 8)));
        Assert.Contains("w: expected its scales, w_scale_inv or w_scale, found none; ", Refusal(Blocks, model), StringComparison.Ordinal);
        _case.Write(("w", Values(7, 8)), ("w_scale", Scales(3, 2)), ("w_scale_inv", Scales(3, 2)));
        Assert.Contains("w: expected its scales, w_scale_inv or w_scale, found both; ", Refusal(Blocks, model), StringComparison.Ordinal);
        _case.Write(("w", Values(7, 8)), ("w_scale_inv", Scales(2, 2)));
        Assert.Contains("w_scale_inv: expected F32 [3, 2] for w [7, 8], found F32 [2, 2]; check quantization_config", Refusal(Blocks, model), StringComparison.Ordinal);
        Assert.Contains("expected F32 [1] or [7, 1] for w [7, 8], found F32 [2, 2]", Refusal(Plain, model), StringComparison.Ordinal);
        Assert.Contains("expected F32 [7, 1] for w [7, 8], found F32 [2, 2]", Refusal(Channels, model), StringComparison.Ordinal);
        _case.Write(("w", Values(7, 8)), ("w_scale_inv", Scales(3, 2).to(int32)));
        Assert.Contains("w_scale_inv: expected F32 [3, 2] for w [7, 8], found I32 [3, 2]", Refusal(Blocks, model), StringComparison.Ordinal);
        _case.Write(("w", ones(7, 8)), ("w_scale_inv", Scales(3, 2)));
        Assert.Contains("w_scale_inv: expected a parameter that it fills, found none", Refusal(Blocks, model), StringComparison.Ordinal);
        _case.Write(("w", Values(8, 7)), ("w_scale_inv", Scales(3, 2)));
        Assert.Contains("w: expected [7, 8] for w, found [8, 7]; is it transposed?", Refusal(Blocks, model), StringComparison.Ordinal);
    }

    [Fact]
    public void WrongBlocks_AreRefused()
    {
        const string mxfp4 = """{"quant_method":"mxfp4"}""";
        _case.Write(("w_blocks", zeros(4, 2, 16, dtype: uint8)));
        Assert.Contains("w_scales: expected U8 [4, 2] for w, found none", Refusal(mxfp4, new TestModule().With("w", [4, 64])), StringComparison.Ordinal);
        _case.Write(("w_blocks", zeros(4, 2, 8, dtype: uint8)), ("w_scales", zeros(4, 2, dtype: uint8)));
        Assert.Contains("w_blocks: expected U8 [4, 2, 16] for w, found U8 [4, 2, 8]", Refusal(mxfp4, new TestModule().With("w", [4, 64])), StringComparison.Ordinal);
        Assert.Contains("expected a multiple of 32 inputs", Refusal(mxfp4, new TestModule().With("w", [4, 40])), StringComparison.Ordinal);
    }

    [Fact]
    public void QuantizedTensorThatTheConfigDoesNotDeclare_IsRefused()
    {
        var model = new TestModule().With("w", [3, 4]);
        _case.Write(("w", Values(3, 4)), ("w_scale_inv", Scales(1, 1)));
        Assert.Contains("w: expected F64, F32, F16 or BF16 for w, found F8_E4M3; config.json has no quantization_config", Refusal(null, model), StringComparison.Ordinal);
        Assert.Contains("config.json says that it is quantized otherwise (mxfp4)", Refusal("""{"quant_method":"mxfp4"}""", model), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"quant_method":"awq"}""", "quantization_config.quant_method: expected fp8, fbgemm_fp8, compressed-tensors or mxfp4, found awq; ")]
    [InlineData("""{"bits":4}""", "quant_method: expected fp8, fbgemm_fp8, compressed-tensors or mxfp4, found none")]
    [InlineData("""{"quant_method":"fp8","fmt":"e5m2"}""", "fmt: expected e4m3 or float8_e4m3fn, found e5m2")]
    [InlineData("""{"quant_method":"fp8","weight_block_size":[128]}""", "weight_block_size: expected two positive numbers, rows and columns, found [128]")]
    [InlineData("""{"quant_method":"fp8","weight_block_size":[0,4]}""", "weight_block_size: expected two positive numbers")]
    [InlineData("""{"quant_method":"compressed-tensors","format":"pack-quantized"}""", "format: expected float-quantized or naive-quantized, found pack-quantized")]
    [InlineData("""{"quant_method":"compressed-tensors"}""", "config_groups: expected group_0.weights, found none")]
    [InlineData("""{"quant_method":"compressed-tensors","config_groups":{"group_0":{"weights":{"num_bits":4,"strategy":"group"}}}}""", "num_bits: expected 8, found 4")]
    [InlineData("""{"quant_method":"compressed-tensors","config_groups":{"group_0":{"weights":{"strategy":"group"}}}}""", "strategy: expected tensor, channel, or block with a block_structure, found group")]
    public void QuantizationThatIsNotRead_IsRefused(string json, string message) =>
        Assert.Contains(message, Assert.Throws<ConfigException>(() => Quantization(json)).Message, StringComparison.Ordinal);

    private static CheckpointQuantization? Quantization(string? json) =>
        CheckpointQuantization.Read(ConfigReader.Parse(json is null ? "{}" : $$"""{"dtype":"bfloat16","quantization_config":{{json}}}""", "config.json"));

    private static Tensor Values(params long[] shape) => (randn(shape) * 4).to(E4M3);

    private static Tensor Scales(params long[] shape) => rand(shape) + 0.5f;

    private static void Same(Tensor actual, Tensor values, Func<long, long, float> scale)
    {
        var wide = values.to(float32);
        for (var row = 0; row < wide.shape[0]; row++)
        {
            for (var column = 0; column < wide.shape[1]; column++)
            {
                Assert.Equal(wide[row, column].item<float>() * scale(row, column), actual[row, column].item<float>());
            }
        }
    }

    private WeightPlan Plan(string? quantization, ExplicitModule model)
    {
        using var checkpoint = Checkpoint.Open(_case.Folder.ToString());
        return WeightPlan.For(model, checkpoint, [], Quantization(quantization));
    }

    private string Refusal(string? quantization, ExplicitModule model) =>
        Assert.Throws<CheckpointException>(() => Plan(quantization, model)).Message;

    private TestModule Load(string quantization, TestModule model) => Load(quantization, model, float32);

    private TestModule Load(string quantization, TestModule model, ScalarType? dtype)
    {
        using var checkpoint = Checkpoint.Open(_case.Folder.ToString());
        WeightLoader.Load(WeightPlan.For(model, checkpoint, [], Quantization(quantization)), dtype, CPU);
        return model;
    }
}
