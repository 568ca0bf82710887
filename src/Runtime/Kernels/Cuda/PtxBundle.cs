using System.Globalization;
using System.IO.Compression;
using System.Reflection;

namespace Moesaic.Kernels;

/// <summary>A file of PTX beside an assembly, made when that was built: a zip with a text for each kernel, and what they were made of.</summary>
/// <remarks>
/// <code>
///   fingerprint            assembly Moesaic.Runtime 6a1f…        one line for each assembly whose code is in a kernel
///   GateUp.….sm_90         // entry: moesaic_GateUpKernel             then threads, shared bytes, shared bytes for each expert; then PTX
/// </code>
/// A kernel is taken only if the assembly of its activation, and this one, are the builds that the file was made of.
/// </remarks>
internal sealed class PtxBundle : IPtxSource
{
    internal const string Extension = ".ptx.zip";

    private const string FingerprintName = "fingerprint";
    private const string TrustSwitch = "Moesaic.TrustPtx";

    private readonly string _path;
    private readonly HashSet<string> _names = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Guid> _assemblies = new(StringComparer.Ordinal);
    private readonly string? _defect;

    private PtxBundle(string path)
    {
        _path = path;
        try
        {
            using var file = ZipFile.OpenRead(path);
            foreach (var line in Text(file.GetEntry(FingerprintName) ?? throw new InvalidDataException("it names no assemblies")).Split('\n'))
            {
                if (line.Split(' ') is ["assembly", var assembly, var id])
                {
                    _assemblies[assembly] = Guid.Parse(id);
                }
            }

            _names.UnionWith(file.Entries.Select(static entry => entry.FullName));
        }
        catch (Exception e) when (e is InvalidDataException or IOException or UnauthorizedAccessException or FormatException)
        {
            _defect = $"{Path.GetFileName(path)} cannot be read: {e.Message}";
        }
    }

    /// <summary>The names of its kernels.</summary>
    internal IEnumerable<string> Names => _names.Where(static name => name != FingerprintName);

    /// <summary>Opens a file. One that cannot be read refuses every kernel, and says so.</summary>
    internal static PtxBundle Open(string path) => new(path);

    /// <summary>Writes a file, whole or not at all.</summary>
    internal static void Write(string path, IEnumerable<Assembly> assemblies, IEnumerable<(KernelName Name, PtxKernel Kernel)> kernels)
    {
        var partial = $"{path}.{Environment.ProcessId}";
        using (var file = ZipFile.Open(partial, ZipArchiveMode.Create))
        {
            Add(file, FingerprintName, string.Concat(assemblies.Select(static assembly => $"assembly {Name(assembly)} {Id(assembly)}\n")));
            foreach (var (name, kernel) in kernels)
            {
                var facts = string.Create(CultureInfo.InvariantCulture, $"// launch: {kernel.Threads} {kernel.SharedBytes} {kernel.SharedBytesPerExpert}");
                Add(file, name.ToString(), $"// entry: {kernel.EntryPoint}\n{facts}\n{kernel.Text}");
            }
        }

        File.Move(partial, path, overwrite: true);
    }

    public string? Refusal(KernelName name)
    {
        if (_defect is not null)
        {
            return _defect;
        }

        Assembly?[] assemblies = [typeof(PtxBundle).Assembly, name.Activation?.Assembly];
        var stale = assemblies.OfType<Assembly>().FirstOrDefault(assembly => !IsOf(assembly));
        return !_names.Contains(name.ToString()) ? $"{Path.GetFileName(_path)} has no {name}"
            : stale is not null ? $"{Path.GetFileName(_path)} was made for another build of {Name(stale)}"
            : null;
    }

    public PtxKernel Get(KernelName name)
    {
        using var file = ZipFile.OpenRead(_path);
        var text = Text(file.GetEntry(name.ToString())!);
        var lines = text.Split('\n', 3);
        int[] facts = [.. lines[1]["// launch: ".Length..].Split(' ').Select(static number => int.Parse(number, CultureInfo.InvariantCulture))];
        return new(lines[0]["// entry: ".Length..], text) { Threads = facts[0], SharedBytes = facts[1], SharedBytesPerExpert = facts[2] };
    }

    /// <summary>Trimming gives an assembly another id; a publish that trims makes the file of what it trims, and says that it may be trusted.</summary>
    private bool IsOf(Assembly assembly) =>
        (AppContext.TryGetSwitch(TrustSwitch, out var trusted) && trusted)
        || (_assemblies.TryGetValue(Name(assembly), out var id) && id == Id(assembly));

    private static string Name(Assembly assembly) => assembly.GetName().Name!;

    private static Guid Id(Assembly assembly) => assembly.ManifestModule.ModuleVersionId;

    private static string Text(ZipArchiveEntry entry)
    {
        using var reader = new StreamReader(entry.Open());
        return reader.ReadToEnd();
    }

    private static void Add(ZipArchive file, string name, string text)
    {
        var entry = file.CreateEntry(name, CompressionLevel.Optimal);
        entry.LastWriteTime = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero); // The same kernels give the same file.
        using var writer = new StreamWriter(entry.Open());
        writer.Write(text);
    }
}
