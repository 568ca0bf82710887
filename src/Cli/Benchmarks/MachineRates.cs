using Moesaic.Kernels.Cpu;
using TorchSharp;
using static TorchSharp.torch;

namespace Moesaic.Cli.Benchmarks;

/// <summary>What the device does at best, measured in the same run as the layer.</summary>
/// <param name="BytesPerSecond">Of a plain read on the CPU by the threads that run experts; read and written by a copy on a GPU.</param>
/// <param name="OperationsPerSecond">Of a large matrix product in the layer's dtype, two for a multiply and add.</param>
internal sealed record MachineRates(double BytesPerSecond, double OperationsPerSecond)
{
    private const int Repeats = 7;

    internal static MachineRates Measure(ScalarType dtype, Device device)
    {
        using var scope = NewDisposeScope();
        var isCpu = device.type == DeviceType.CPU;
        var bytes = isCpu ? 1L << 28 : 4L << 30; // Beyond every cache.
        var memory = ones([bytes], dtype: ScalarType.Byte, device: device);
        using var copy = isCpu ? null : empty_like(memory);
        var seconds = Best(device, () =>
        {
            if (copy is null)
            {
                MemoryRead.Run(memory);
            }
            else
            {
                copy.copy_(memory);
            }
        });

        var size = isCpu ? 2048 : 8192;
        var a = randn([size, size], device: device).to(dtype);
        var product = Best(device, () => a.mm(a).Dispose());
        return new((copy is null ? 1 : 2) * bytes / seconds, 2.0 * size * size * size / product);
    }

    /// <summary>The least milliseconds that a layer can take: its weights read once, its products at full rate.</summary>
    internal double Floor(LayerShape shape, ScalarType dtype, double activeExperts, int tokens)
    {
        var bytes = activeExperts * shape.WeightsPerExpert * (dtype == ScalarType.Float32 ? 4 : 2);
        var operations = 2.0 * tokens * shape.TopK * shape.WeightsPerExpert;
        return 1e3 * Math.Max(bytes / BytesPerSecond, operations / OperationsPerSecond);
    }

    private static double Best(Device device, Action action)
    {
        action();
        return Enumerable.Range(0, Repeats).Min(_ => LayerTimer.Seconds(device, action));
    }
}
