using System.Globalization;
using Moesaic.Benchmarks.Experts;
using Moesaic.Kernels;
using Moesaic.Native;
using TorchSharp;
using static TorchSharp.torch;

const string Usage = """
    check [WORD]                      every kernel at small sizes, against float64; plans with WORD in their names
    time FILE [M,M,…] [PRESET…]       the table of benchmarks/README.md, and all variants in FILE
    check-codes                       those of codes in tiles
    check-small [WORD]                every kernel once, for compute-sanitizer: tests/sanitize-gpu.sh; or those of plans with WORD in their names
    product [WORD]                    the backend 'fused' as models use it, against eager; layers with WORD in their names
    decode                            the kernels of decoding steps, against tensors, and their times
    routing                           times of what comes before the products of few tokens
    registers                         what the driver made of the kernels
    profile PRESET M                  a few runs of one layer, by its plan, for a profiler
    ptx FOLDER [WORD]                 the text of all kernels, or of those with WORD in their names; needs no GPU
    cache [WORD]                      compiles all that is checked and timed into the user's cache; needs no GPU
    cache-small                       those of check-small and check-codes alone
    """;

if (args is ["ptx", var folder, .. var some])
{
    Directory.CreateDirectory(folder);
    foreach (var name in NeededKernels.OfAll().Concat(NeededKernels.Of(typeof(Moesaic.SwiGlu))).Where(name => some.All(name.ToString().Contains)))
    {
        var entry = KernelCatalog.Find(name);
        File.WriteAllText(Path.Combine(folder, $"{name}.ptx"), KernelCompiler.Compile(entry.Method, entry.Bounds, name.Target).Text);
    }

    return 0;
}

if (args is ["cache", .. var kernels])
{
    new Compiled(kernels).All();
    return 0;
}

if (args is ["cache-small"])
{
    new Compiled().Few();
    return 0;
}

if (args is [] || CudaDevice.WhyNone() is not null)
{
    Console.Error.WriteLine(args is [] ? Usage : $"skipped: {CudaDevice.WhyNone()}");
    return 2;
}

InitializeDeviceType(DeviceType.CUDA);
random.manual_seed(1);
var device = CudaDevice.Open(0);
switch (args)
{
    case ["check", .. var words]:
        return Checks(static checks => checks.Run(), words);
    case ["check-codes"]:
        return Checks(static checks => checks.RunCodedTiles());
    case ["check-small"]:
        RuntimeCompilation.Enable();
        return Checks(static checks => checks.RunFew()) | DecodeChecks.RunFew() | Coverage.Report(device);
    case ["check-small", .. var few]:
        return Checks(static checks => checks.RunFew(), few);
    case ["product", .. var layers]:
        return ProductChecks.Run(layers.FirstOrDefault() ?? "");
    case ["decode"]:
        RuntimeCompilation.Enable();
        return DecodeChecks.Run();
    case ["routing"]:
        RoutingTiming.Run(device);
        return 0;
    case ["registers"]:
        Report.Registers(device);
        return 0;
    case ["profile", var preset, var tokens]:
        Timing.Once(device, Preset.Find(preset), int.Parse(tokens, CultureInfo.InvariantCulture));
        return 0;
    case ["time", var file, .. var rest]:
        var batches = rest is [var list, ..] && char.IsAsciiDigit(list[0]) ? list : null;
        Report.Table(device, file, batches ?? "1,16,64,256,1024,4096,8192", rest[(batches is null ? 0 : 1)..]);
        return 0;
    default:
        Console.Error.WriteLine(Usage);
        return 2;
}

int Checks(Action<SmallChecks> run, params string[] words)
{
    var checks = new SmallChecks(device, null, words);
    run(checks);
    return checks.Failed ? 1 : 0;
}
