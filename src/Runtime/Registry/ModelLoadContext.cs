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
        catch (Exception e) when (e is FileNotFoundException or FileLoadException)
        {
            return _resolver.ResolveAssemblyToPath(name) is { } own ? LoadFromAssemblyPath(own) : null;
        }
    }

    /// <inheritdoc/>
    protected override nint LoadUnmanagedDll(string name) =>
        _resolver.ResolveUnmanagedDllToPath(name) is { } own ? LoadUnmanagedDllFromPath(own) : 0;
}
