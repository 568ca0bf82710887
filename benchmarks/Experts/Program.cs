using System.Globalization;
using Moesaic;
using Moesaic.Benchmarks.Experts;
using Moesaic.Kernels;
using Moesaic.Native;
using TorchSharp;
using static TorchSharp.torch;

// check: every kernel at small sizes.   product: the backend 'fused' as models use it.   time [FILE] [PRESET…]: the table of benchmarks/README.md, all variants in FILE.
if (args is ["ptx", var folder])
{
    var tile = new TileShape(4, 1, 2, 8);
    var kernel = KernelCompiler.Compile(KernelCatalog.Method(typeof(GateUpKernel), typeof(ClampedSwiGlu), tile.Tile, tile.Sums, tile.TokenAddresses), tile.Bounds, KernelTarget.HopperOrLater);
    File.WriteAllText(Path.Combine(folder, "gateup.ptx"), kernel.Text);
    kernel = KernelCompiler.Compile(KernelCatalog.Method(typeof(RouteAndAlignKernel)), new(Alignment.Threads), KernelTarget.HopperOrLater);
    File.WriteAllText(Path.Combine(folder, "route.ptx"), kernel.Text);
    kernel = KernelCompiler.Compile(KernelCatalog.Method(typeof(TiledKernel), typeof(SwiGlu), typeof(GateUpRole), typeof(WideTiles)), new(TiledKernel.Threads), KernelTarget.Hopper);
    File.WriteAllText(Path.Combine(folder, "tiled.ptx"), kernel.Text);
    kernel = KernelCompiler.Compile(KernelCatalog.Method(typeof(TiledKernel), typeof(SwiGlu), typeof(DownRole), typeof(WideTiles)), new(TiledKernel.Threads), KernelTarget.Hopper);
    File.WriteAllText(Path.Combine(folder, "tileddown.ptx"), kernel.Text);
    return 0;
}

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
    SmallChecks.Run(device, args.Contains("tiled"));
    return SmallChecks.Failed ? 1 : 0;
}

if (args is ["product"])
{
    return ProductChecks.Run();
}

if (args is ["registers", ..])
{
    var sizes = Preset.All[1].Sizes;
    foreach (var tokens in new[] { 1, 16, 64, 256 })
    {
        var experts = ((LayerPlan)(tokens == 256 ? new TiledPlan(128, 8) : StreamPlan.For(sizes, tokens))).Load(device, PtxCache.OfUser, sizes, default(SwiGlu), new SoftmaxTopKRouter(8, true).Rule);
        foreach (var kernel in experts.Kernels)
        {
            Console.WriteLine($"{kernel.Name}: {kernel.Function.Registers} registers, {kernel.Function.LocalBytes} bytes local. {kernel.Log.ReplaceLineEndings(" ")}");
        }
    }

    return 0;
}

if (args is ["one", var presetName, var tokenCount, var tileTokens])
{
    var preset = Preset.All.Single(preset => preset.Name == presetName);
    Timing.Once(device, preset, int.Parse(tokenCount, CultureInfo.InvariantCulture), new TiledPlan(int.Parse(tileTokens, CultureInfo.InvariantCulture), 8));
    return 0;
}

using var csv = new StreamWriter(args.ElementAtOrDefault(1) ?? "experts.csv");
var bandwidth = CopyBandwidth();
Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"copy {bandwidth / 1e12:F2} TB/s, {device.Multiprocessors} multiprocessors"));
var rate = MatrixRate();
Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"matrix {rate / 1e12:F0} TFLOP/s"));
Console.WriteLine("| preset | M | active experts | floor ms | ms | of floor | grouped ms | tiles |");
Console.WriteLine("|---|---|---|---|---|---|---|---|");
foreach (var preset in Preset.All.Where(preset => args.Length < 3 || args.Contains(preset.Name)))
{
    Timing.Run(device, preset, (Environment.GetEnvironmentVariable("BATCHES") ?? "1,16,64,256,1024,4096,8192").Split(',').Select(int.Parse).ToArray(), bandwidth, rate, csv);
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

// bf16 products of two large matrices.
static double MatrixRate()
{
    const int n = 8192;
    using var a = randn(n, n, ScalarType.BFloat16, CUDA);
    using var b = randn(n, n, ScalarType.BFloat16, CUDA);
    using var timer = new GpuTimer();
    return 2.0 * n * n * n / (timer.Time(() => a.matmul(b.t()).Dispose(), 0) * 1e-3);
}
