using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using static TorchSharp.torch;

namespace Moesaic.Kernels.Cpu;

/// <summary>A measured crossover on disk, under a name that holds all it depends on. Delete it at any time.</summary>
internal sealed class CrossoverFile(string path)
{
    // To be raised when either way of computing becomes faster or slower.
    private const int Version = 1;

    internal string Path => path;

    /// <summary>That of this machine in <c>$XDG_CACHE_HOME/moesaic/cpu</c>.</summary>
    internal static CrossoverFile OfUser(ScalarType dtype)
    {
        var facts = $"{Version}, {Processor()}, {get_num_threads()} threads, {Environment.ProcessorCount} processors, {VectorKernel.VectorBits} bits, libtorch {__version__}";
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(facts)))[..16];
        return new(System.IO.Path.Combine(UserFolders.Cache, "moesaic", "cpu", $"rows-{dtype}-{hash}.txt"));
    }

    /// <summary>Null where there is none, or none that can be read.</summary>
    internal Crossover? Read()
    {
        try
        {
            return File.Exists(path) && int.TryParse(File.ReadAllText(path), NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out var rows) && rows > 0
                ? new(rows, $"measured before, {path}")
                : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Whether it could be written; if not, the next process measures again.</summary>
    internal bool Write(int rows)
    {
        try
        {
            // Under another name first: who reads at the same time finds all of it or nothing.
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
            var partial = $"{path}.{Environment.ProcessId}.{Guid.NewGuid():N}";
            File.WriteAllText(partial, string.Create(CultureInfo.InvariantCulture, $"{rows}\n"));
            File.Move(partial, path, overwrite: true);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static string Processor()
    {
        const string cpuInfo = "/proc/cpuinfo";
        return OperatingSystem.IsLinux() && File.Exists(cpuInfo)
            ? File.ReadLines(cpuInfo).FirstOrDefault(static line => line.StartsWith("model name", StringComparison.Ordinal)) ?? ""
            : Environment.GetEnvironmentVariable("PROCESSOR_IDENTIFIER") ?? "";
    }
}
