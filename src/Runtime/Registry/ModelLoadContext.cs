using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Runtime.Loader;

namespace Moesaic;

/// <summary>Loads a model assembly and its own dependencies; Moesaic, TorchSharp and what else the host has are the host's.</summary>
[RequiresUnreferencedCode("The assembly may need what trimming removed.")]
internal sealed class ModelLoadContext(string path) : AssemblyLoadContext(Path.GetFileNameWithoutExtension(path))
{
    private readonly AssemblyDependencyResolver _resolver = new(path);

    /// <summary>Shared first: a second TorchSharp would have types of its own, and a second libtorch.</summary>
    protected override Assembly? Load(AssemblyName name)
    {
        try
        {
            return Default.LoadFromAssemblyName(name);
        }
        catch (Exception e) when ((e is FileNotFoundException or FileLoadException) && !MustBeShared(name))
        {
            return _resolver.ResolveAssemblyToPath(name) is { } own ? LoadFromAssemblyPath(own) : null;
        }
    }

    /// <summary>Ours and TorchSharp come from the host or not at all, even where the host's are older than what is asked for.</summary>
    private static bool MustBeShared(AssemblyName name) =>
        name.Name is { } text && (text == "TorchSharp" || text == "Moesaic" || text.StartsWith("Moesaic.", StringComparison.Ordinal));

    /// <inheritdoc/>
    protected override nint LoadUnmanagedDll(string name) =>
        _resolver.ResolveUnmanagedDllToPath(name) is { } own ? LoadUnmanagedDllFromPath(own) : 0;
}
