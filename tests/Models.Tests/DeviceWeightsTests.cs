using System.Runtime.InteropServices;
using Moesaic.Checkpoints;
using Moesaic.Communication;
using Moesaic.Kernels;
using TorchSharp;
using static TorchSharp.torch;

namespace Moesaic.Models.Tests;

/// <summary>Quantized experts as a GPU has them, in memory that a test can read: every layout gives the loader's numbers.</summary>
public sealed class DeviceWeightsTests : IDisposable
{
    private static readonly float[] E2M1 = [0, 0.5f, 1, 1.5f, 2, 3, 4, 6, -0f, -0.5f, -1, -1.5f, -2, -3, -4, -6];

    private readonly string _folder = Directory.CreateTempSubdirectory("moesaic-device-").FullName;

    /// <summary>Separate tensors with blocks, one stack with a scale a row, and gate and up that alternate.</summary>
    public static TheoryData<string> Configs() => ["deepseek_v3_fp8", "qwen3_moe_fp8", "gpt_oss_mxfp4"];

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [MemberData(nameof(Configs))]
    public void Decoded_AreTheLoadersNumbers(string config) => ForEach(config, static (mapped, device, expert) =>
    {
        using var expected = mapped.Expert(expert, float32);
        using var actual = device.Expert(expert, float32);
        Assert.True(actual.equal(expected).all().item<bool>());
    });

    /// <summary>By the addresses that a kernel gets, and as it reads them.</summary>
    [Theory]
    [MemberData(nameof(Configs))]
    public void ReadAsKernelsDo_AreTheSame(string config) => ForEach(config, static (mapped, device, expert) =>
    {
        using var numbers = mapped.Expert(expert, float32);
        var (expected, rows, columns) = (numbers.data<float>().ToArray(), (int)numbers.size(0), (int)numbers.size(1));
        var actual = Enumerable.Range(0, expected.Length).Select(i => Number(device.Matrices, device.Format, (expert * rows) + (i / columns), i % columns, columns));
        Assert.True(expected.SequenceEqual(actual));
    });

    [Theory]
    [MemberData(nameof(Configs))]
    public void TheyTakeAboutTheBytesOfTheFile(string config)
    {
        var (file, here) = (0L, 0L);
        ForEach(config, (mapped, device, expert) => (file, here) = expert > 0 ? (file, here) : (file + mapped.ByteLength, here + device.ByteLength));
        Assert.InRange(here, file, file * 1.02);
    }

    [Fact]
    public void AScaleThatKernelsDoNotTake_IsAnObstacle() => ForEach("gpt_oss_mxfp4", static (_, device, _) =>
    {
        Assert.Null(device.Obstacle(DeviceType.CUDA));
        device.Scales.fill_(200);
        device.Examine();
        Assert.Contains("a scale of 2^73, and the kernels take up to 2^1", device.Obstacle(DeviceType.CUDA), StringComparison.Ordinal);
        device.Scales.fill_(128);
        device.Examine();
    });

    [Fact]
    public void ACodeThatIsNoNumber_IsAnObstacle() => ForEach("deepseek_v3_fp8", static (_, device, _) =>
    {
        Assert.Null(device.Obstacle(DeviceType.CUDA));
        using var code = device.Codes[0, 3, 5];
        code.fill_(255);
        device.Examine();
        Assert.Contains("codes are no numbers", device.Obstacle(DeviceType.CUDA), StringComparison.Ordinal);
        code.fill_(254);
        device.Examine();
    });

    [Theory]
    [MemberData(nameof(Configs))]
    public void ARankHasTheCodesOfItsExperts(string config)
    {
        var folder = Synthesize(config);
        ThreadWorld.Run(2, world =>
        {
            using var context = new ParallelContext(world, new() { Expert = 2 });
            using var model = PretrainedModel.Load(folder, new() { Parallel = context, Experts = ExpertsBackend.Eager });
            foreach (var parameter in model.Network.modules().OfType<FusedExperts>().SelectMany(static experts => experts.Parameters.Take(2)))
            {
                using var scope = NewDisposeScope();
                var mapped = Assert.IsType<MappedWeights>(parameter.Quantized);
                using var device = DeviceWeights.Upload(mapped, CPU);
                Assert.Equal(mapped.Shape.Experts, device.Codes.size(0));
                Assert.True(device.Expert(3, float32).equal(mapped.Expert(3, float32)).all().item<bool>());
            }
        });
    }

    [Fact]
    public void WithoutAGpu_ExpertsForOneAreWidened()
    {
        var folder = Synthesize("gpt_oss_mxfp4");
        using var model = ModelFolder.Open(folder);
        var experts = model.Network.modules().OfType<FusedExperts>().First();
        Assert.True(model.Plan.KeepsQuantized(experts, null, DeviceType.CPU));
        Assert.False(model.Plan.KeepsQuantized(experts, null, DeviceType.CUDA));
    }

    private static float Number(DeviceMatrices matrices, QuantizedFormat format, long row, int column, int columns)
    {
        var scale = matrices.Scales + (nint)(((row >> matrices.ScaleShift) * matrices.ScaleRowBytes) + (column / 128 * matrices.ScaleUnitBytes));
        if (format == QuantizedFormat.Fp8)
        {
            var code = Marshal.ReadByte(matrices.Values + (nint)((row * columns) + column));
            var (exponent, mantissa) = ((code >> 3) & 15, code & 7);
            var magnitude = exponent == 0 ? MathF.ScaleB(mantissa / 8f, -6) : MathF.ScaleB(1 + (mantissa / 8f), exponent - 7);
            return (code < 128 ? magnitude : -magnitude) * BitConverter.Int32BitsToSingle(Marshal.ReadInt32(scale));
        }

        // A pair in each half of a word of eight.
        var word = (ushort)Marshal.ReadInt16(matrices.Values + (nint)((((row * columns) + column) / 8 * 4) + (column % 2 * 2)));
        var pair = column % 8 / 2;
        var index = (((word >> E2M1Words.Sign[pair]) & 1) << 3) | ((word >> E2M1Words.Magnitude[pair]) & 7);
        return MathF.ScaleB(E2M1[index], Marshal.ReadByte(scale + (column % 128 / 32)) - 127);
    }

    private void ForEach(string config, Action<MappedWeights, DeviceWeights, int> check)
    {
        using var model = PretrainedModel.Load(Synthesize(config), new() { Experts = ExpertsBackend.Eager });
        foreach (var parameter in model.Network.modules().OfType<FusedExperts>().SelectMany(static experts => experts.Parameters.Take(2)))
        {
            using var scope = NewDisposeScope();
            var mapped = Assert.IsType<MappedWeights>(parameter.Quantized);
            Assert.Null(mapped.Obstacle(DeviceType.CUDA));
            using var device = DeviceWeights.Upload(mapped, CPU);
            for (var expert = 0; expert < device.Codes.size(0); expert += 5)
            {
                check(mapped, device, expert);
            }
        }
    }

    private string Synthesize(string config)
    {
        SyntheticCheckpoint.Write(Path.Combine(TestData.Root, "tests", "data", "gpu", config, "config.json"), _folder, seed: 3, dtype: bfloat16);
        return _folder;
    }
}
