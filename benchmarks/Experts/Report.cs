using System.Globalization;
using Moesaic.Kernels;
using Moesaic.Native;
using static TorchSharp.torch;

namespace Moesaic.Benchmarks.Experts;

/// <summary>What the program prints.</summary>
internal static class Report
{
    /// <summary>The best time of each preset and batch, beside the floor measured in the same run.</summary>
    internal static void Table(CudaDevice device, string file, string batches, string[] presets)
    {
        using var csv = new StreamWriter(file);
        var bandwidth = CopyBandwidth();
        var rate = MatrixRate();
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"copy {bandwidth / 1e12:F2} TB/s, matrix {rate / 1e12:F0} TFLOP/s, {device.Multiprocessors} multiprocessors"));
        Console.WriteLine("| preset | M | active experts | floor ms | ms | of floor | grouped ms | plan |");
        Console.WriteLine("|---|---|---|---|---|---|---|---|");
        var tokens = batches.Split(',').Select(static batch => int.Parse(batch, CultureInfo.InvariantCulture)).ToArray();
        foreach (var preset in presets.Length == 0 ? Preset.All : [.. presets.Select(Preset.Find)])
        {
            Timing.Run(device, preset, tokens, bandwidth, rate, csv);
        }
    }

    /// <summary>Registers and spills of all kernels.</summary>
    internal static void Registers(CudaDevice device)
    {
        var kernels = new KernelLibrary(device, new CompiledPtx(PtxCache.OfUser));
        foreach (var name in Coverage.Needed(device))
        {
            var kernel = kernels.Get(name);
            Console.WriteLine($"{name}: {kernel.Function.Registers} registers, {kernel.Function.LocalBytes} bytes local. {kernel.Log.ReplaceLineEndings(" ")}");
        }
    }

    /// <summary>Bytes read and written by a large copy, each second.</summary>
    private static double CopyBandwidth()
    {
        const long bytes = 4L << 30;
        using var from = ones(bytes / 2, ScalarType.BFloat16, CUDA);
        using var to = empty_like(from);
        return 2.0 * bytes / (GpuTimer.Time(() => to.copy_(from), 0) * 1e-3);
    }

    /// <summary>Operations of products of two large bf16 matrices, each second.</summary>
    private static double MatrixRate()
    {
        const int n = 8192;
        using var a = randn(n, n, ScalarType.BFloat16, CUDA);
        using var b = randn(n, n, ScalarType.BFloat16, CUDA);
        return 2.0 * n * n * n / (GpuTimer.Time(() => a.matmul(b.t()).Dispose(), 0) * 1e-3);
    }
}
