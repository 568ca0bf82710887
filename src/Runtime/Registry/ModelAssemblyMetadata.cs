using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace Moesaic;

/// <summary>What an assembly says about itself, read without loading it.</summary>
internal static class ModelAssemblyMetadata
{
    /// <summary>The assemblies that one needs.</summary>
    /// <exception cref="ModelAssemblyException">The file is no .NET assembly.</exception>
    internal static IReadOnlyList<AssemblyName> References(string path)
    {
        try
        {
            using var file = new PEReader(File.OpenRead(path));
            var metadata = file.HasMetadata ? file.GetMetadataReader() : throw new BadImageFormatException("it has no .NET metadata");
            return [.. metadata.AssemblyReferences.Select(handle => metadata.GetAssemblyReference(handle).GetAssemblyName())];
        }
        catch (Exception e) when (e is BadImageFormatException or InvalidOperationException or IOException or UnauthorizedAccessException)
        {
            throw new ModelAssemblyException($"{path}: expected a .NET assembly, found another kind of file ({e.Message})", e);
        }
    }

    /// <summary>Refuses an assembly that was built against another Moesaic: another major version, another minor one before 1.0, or a newer one.</summary>
    /// <exception cref="ModelAssemblyException">It was, or it does not know Moesaic at all.</exception>
    internal static void RequireCompatible(string path, IReadOnlyList<AssemblyName> references)
    {
        var ours = typeof(ModelAssemblyMetadata).Assembly.GetName();
        var theirs = references.FirstOrDefault(reference => reference.Name == ours.Name)?.Version
            ?? throw new ModelAssemblyException($"{path}: expected an assembly built with {ours.Name}, found one that does not reference it");
        var compatible = theirs.Major == ours.Version!.Major && (theirs.Major > 0 || theirs.Minor == ours.Version.Minor) && theirs <= ours.Version;
        if (!compatible)
        {
            throw new ModelAssemblyException(
                $"{path}: expected an assembly built with {ours.Name} {ours.Version.ToString(3)}, found one built with {theirs.ToString(3)}; build it again, against this version");
        }
    }
}
