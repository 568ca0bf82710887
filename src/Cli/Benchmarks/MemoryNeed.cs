using System.Globalization;
using TorchSharp;
using static TorchSharp.torch;

namespace Moesaic.Cli.Benchmarks;

/// <summary>Whether the experts fit.</summary>
internal static class MemoryNeed
{
    // The rest is for inputs, the reference and whatever else runs.
    private const double Share = 0.8;

    /// <exception cref="BenchmarkException">They do not.</exception>
    internal static void Check(LayerShape shape, ScalarType dtype, Device device)
    {
        if (device.type != DeviceType.CPU)
        {
            return; // TorchSharp does not tell how much a GPU has; libtorch's own error ends the run in one line.
        }

        var perExpert = shape.WeightsPerExpert * (dtype == ScalarType.Float32 ? 4 : 2);
        var available = (long)(Share * Available());
        if (perExpert * shape.NumExperts > available)
        {
            var most = available / perExpert;
            throw new BenchmarkException(string.Create(
                CultureInfo.InvariantCulture,
                $"{shape.NumExperts} experts take {perExpert * shape.NumExperts / 1e9:F1} GB, expected at most {available / 1e9:F1} GB, which is {100 * Share:F0} % of what is free; {(most > 0 ? $"use --experts-in-memory {most} or fewer" : "use a smaller shape")}"));
        }
    }

    private static long Available()
    {
        var limit = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
        if (!OperatingSystem.IsLinux())
        {
            return limit;
        }

        const string key = "MemAvailable:";
        var line = File.ReadLines("/proc/meminfo").FirstOrDefault(static line => line.StartsWith(key, StringComparison.Ordinal));
        var kilobytes = line is null ? long.MaxValue / 1024 : long.Parse(line[key.Length..].Replace("kB", "", StringComparison.Ordinal), CultureInfo.InvariantCulture);
        return Math.Min(limit, kilobytes * 1024);
    }
}
