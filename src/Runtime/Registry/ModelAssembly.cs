using System.Diagnostics.CodeAnalysis;

namespace Moesaic;

/// <summary>A compiled model assembly that the host was not built with.</summary>
public static class ModelAssembly
{
    /// <summary>Loads an assembly and lets it enter its architectures into <see cref="ModelRegistry"/>.</summary>
    /// <param name="path">The DLL; what it needs besides Moesaic and TorchSharp lies beside it.</param>
    /// <returns>The architectures it brought.</returns>
    /// <exception cref="ModelAssemblyException">It is missing, no .NET assembly, built against another Moesaic, or declares no model.</exception>
    [RequiresUnreferencedCode("The assembly may need what trimming removed.")]
    public static IReadOnlyList<ModelDefinition> Load(string path)
    {
        if (!File.Exists(path))
        {
            throw new ModelAssemblyException($"{path}: expected a compiled model assembly, found no such file; build it and name its DLL");
        }

        var full = Path.GetFullPath(path);
        ModelAssemblyMetadata.RequireCompatible(full);
        var known = ModelRegistry.Models.ToHashSet();
        try
        {
            var assembly = new ModelLoadContext(full).LoadFromAssemblyPath(full);
            ModelRegistry.AddFrom(assembly);
        }
        catch (Exception e) when (e is FileLoadException or FileNotFoundException or BadImageFormatException or TypeLoadException or MissingMemberException or TypeInitializationException)
        {
            throw new ModelAssemblyException($"{path} does not load: {(e.InnerException ?? e).Message}; build it against this version of Moesaic", e);
        }

        IReadOnlyList<ModelDefinition> added = [.. ModelRegistry.Models.Where(model => !known.Contains(model))];
        return added.Count > 0
            ? added
            : throw new ModelAssemblyException($"{path}: expected an assembly with classes annotated [MoeModel], found none; was it built with Moesaic's generator?");
    }
}
