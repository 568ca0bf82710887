using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using Moesaic.Kernels;

namespace Moesaic;

/// <summary>A compiled model assembly that the host was not built with.</summary>
public static class ModelAssembly
{
    /// <summary>Loads an assembly and lets it enter its architectures into <see cref="ModelRegistry"/>.</summary>
    /// <param name="path">The DLL; what it needs besides Moesaic and TorchSharp lies beside it.</param>
    /// <returns>The architectures it brought.</returns>
    /// <exception cref="ModelAssemblyException">
    /// It is missing, no .NET assembly, built against another Moesaic, lacks a dependency, or declares no model.
    /// </exception>
    [RequiresUnreferencedCode("The assembly may need what trimming removed.")]
    public static IReadOnlyList<ModelDefinition> Load(string path)
    {
        if (!File.Exists(path))
        {
            throw new ModelAssemblyException($"{path}: expected a compiled model assembly, found no such file; build it and name its DLL");
        }

        var full = Path.GetFullPath(path);
        var references = ModelAssemblyMetadata.References(full);
        ModelAssemblyMetadata.RequireCompatible(full, references);
        var known = ModelRegistry.Models.ToHashSet();
        Enter(full, references);
        IReadOnlyList<ModelDefinition> added = [.. ModelRegistry.Models.Where(model => !known.Contains(model))];
        return added.Count > 0
            ? added
            : throw new ModelAssemblyException($"{path}: expected an assembly with classes annotated [MoeModel], found none; was it built with Moesaic's generator?");
    }

    /// <summary>Loads an assembly for a look at its types; null where it does not know Moesaic, or is this one.</summary>
    /// <exception cref="ModelAssemblyException">It is missing, no .NET assembly, built against another Moesaic, or lacks a dependency.</exception>
    [RequiresUnreferencedCode("The assembly may need what trimming removed.")]
    internal static Assembly? Read(string path)
    {
        if (!File.Exists(path))
        {
            throw new ModelAssemblyException($"{path}: expected a .NET assembly, found no such file");
        }

        var full = Path.GetFullPath(path);
        var references = ModelAssemblyMetadata.References(full);
        if (!references.Any(static reference => reference.Name == typeof(ModelAssembly).Assembly.GetName().Name))
        {
            return null;
        }

        ModelAssemblyMetadata.RequireCompatible(full, references);
        try
        {
            var context = new ModelLoadContext(full);
            RequireDependencies(context, full, references);
            return context.LoadFromAssemblyPath(full);
        }
        catch (Exception e) when (e is FileLoadException or FileNotFoundException or BadImageFormatException)
        {
            throw new ModelAssemblyException($"{path} does not load: {e.Message}; build it against this version of Moesaic", e);
        }
    }

    [RequiresUnreferencedCode("The assembly may need what trimming removed.")]
    private static void Enter(string path, IReadOnlyList<AssemblyName> references)
    {
        try
        {
            var context = new ModelLoadContext(path);
            RequireDependencies(context, path, references);
            ModelRegistry.AddFrom(context.LoadFromAssemblyPath(path));
            PtxSources.OfProcess.AddFolder(Path.GetDirectoryName(path)!);
        }
        catch (Exception e) when (e is FileLoadException or FileNotFoundException or BadImageFormatException or TypeLoadException or MissingMemberException or TypeInitializationException)
        {
            throw new ModelAssemblyException($"{path} does not load: {(e.InnerException ?? e).Message}; build it against this version of Moesaic", e);
        }
    }

    /// <summary>Asks for each dependency now: the runtime would ask in the middle of a model, and fail there.</summary>
    [RequiresUnreferencedCode("The assembly may need what trimming removed.")]
    private static void RequireDependencies(ModelLoadContext context, string path, IReadOnlyList<AssemblyName> references)
    {
        foreach (var reference in references)
        {
            try
            {
                context.LoadFromAssemblyName(reference);
            }
            catch (Exception e) when (e is FileNotFoundException or FileLoadException or BadImageFormatException)
            {
                throw new ModelAssemblyException(
                    $"{path}: expected its dependency {reference.Name} {reference.Version?.ToString(3)}, found none that loads; put its DLL beside the assembly, or build against the host's version", e);
            }
        }
    }
}
