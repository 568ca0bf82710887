using System.Globalization;
using Moesaic;
using Moesaic.Benchmarks.Experts;
using Moesaic.Kernels;
using Moesaic.Native;
using TorchSharp;
using static TorchSharp.torch;

// check: every kernel at small sizes.   time [FILE] [PRESET…]: the table of benchmarks/README.md, all variants in FILE.
if (CudaDevice.WhyNone() is { } reason)
{
    Console.Error.WriteLine($"skipped: {reason}");
    return 2;
}

InitializeDeviceType(DeviceType.CUDA);
random.manual_seed(1);
var device = CudaDevice.Open(0);
if (args is ["check", ..])
{
    SmallChecks.Run(device);
    return 0;
}

if (args is ["registers", ..])
{
    var sizes = Preset.All[1].Sizes;
    foreach (var tokens in new[] { 1, 16, 64, 256 })
    {
        using var experts = new StreamedExperts<SwiGlu>(device, PtxCache.OfUser, sizes, default, new SoftmaxTopKRouter(8, true).Rule, StreamPlan.For(sizes, tokens));
        foreach (var kernel in experts.Kernels)
        {
            Console.WriteLine($"{kernel.Name}: {kernel.Function.Registers} registers, {kernel.Function.LocalBytes} bytes local. {kernel.Log.ReplaceLineEndings(" ")}");
        }
    }

    return 0;
}

using var csv = new StreamWriter(args.ElementAtOrDefault(1) ?? "experts.csv");
var bandwidth = CopyBandwidth();
Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"copy {bandwidth / 1e12:F2} TB/s, {device.Multiprocessors} multiprocessors"));
Console.WriteLine("| preset | M | active experts | floor ms | ms | of floor | grouped ms | tiles |");
Console.WriteLine("|---|---|---|---|---|---|---|---|");
foreach (var preset in Preset.All.Where(preset => args.Length < 3 || args.Contains(preset.Name)))
{
    Timing.Run(device, preset, [1, 16, 64], bandwidth, csv);
}

return 0;

// Bytes read and written by a large copy.
static double CopyBandwidth()
{
    const long bytes = 4L << 30;
    using var from = ones(bytes / 2, ScalarType.BFloat16, CUDA);
    using var to = empty_like(from);
    using var timer = new GpuTimer();
    return 2.0 * bytes / (timer.Time(() => to.copy_(from), 0) * 1e-3);
}
