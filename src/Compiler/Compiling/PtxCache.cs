using System.Reflection;

namespace Moesaic.Kernels;

/// <summary>PTX on disk: a kernel is compiled once for what it depends on, and read from then on.</summary>
/// <param name="directory">Made when the first kernel is stored. Delete it at any time.</param>
public sealed class PtxCache(string directory)
{
    private const string EntryMark = "// entry: ";

    /// <summary>The user's cache, <c>$XDG_CACHE_HOME/moesaic/ptx</c>.</summary>
    public static PtxCache OfUser { get; } = new(Path.Combine(UserFolders.Cache, "moesaic", "ptx"));

    /// <summary>The kernel as PTX, compiled now if nobody did before.</summary>
    /// <exception cref="KernelCompilationException">The method uses what a kernel cannot have.</exception>
    public PtxKernel Get(MethodInfo method, KernelBounds bounds, KernelTarget target)
    {
        var path = Path.Combine(directory, $"{KernelFingerprint.Of(method, bounds, target)}.ptx");
        if (Read(path) is { } known)
        {
            return known;
        }

        var kernel = KernelCompiler.Compile(method, bounds, target);
        Write(path, kernel);
        return kernel;
    }

    private static PtxKernel? Read(string path)
    {
        if (!File.Exists(path))
        {
            return null;
        }

        var text = File.ReadAllText(path);
        var endOfLine = text.IndexOf('\n', StringComparison.Ordinal);
        return endOfLine > 0 && text.StartsWith(EntryMark, StringComparison.Ordinal) ? new(text[EntryMark.Length..endOfLine], text) : null;
    }

    private void Write(string path, PtxKernel kernel)
    {
        try
        {
            // Under another name first: who reads at the same time finds all of it or nothing.
            Directory.CreateDirectory(directory);
            var partial = $"{path}.{Environment.ProcessId}.{Guid.NewGuid():N}";
            File.WriteAllText(partial, $"{EntryMark}{kernel.EntryPoint}\n{kernel.Text}");
            File.Move(partial, path, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A cache that cannot be written costs time, nothing else.
        }
    }
}
