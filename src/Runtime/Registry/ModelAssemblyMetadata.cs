using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace Moesaic;

/// <summary>What an assembly says about itself, read without loading it.</summary>
internal static class ModelAssemblyMetadata
{
    /// <summary>Refuses an assembly that was built against another major version of Moesaic, or another minor one before 1.0.</summary>
    internal static void RequireCompatible(string path)
    {
        var ours = typeof(ModelAssemblyMetadata).Assembly.GetName();
        var theirs = ReferencedVersion(path, ours.Name!)
            ?? throw new ModelAssemblyException($"{path}: expected an assembly built with {ours.Name}, found one that does not reference it");
        var compatible = theirs.Major == ours.Version!.Major && (theirs.Major > 0 || theirs.Minor == ours.Version.Minor);
        if (!compatible)
        {
            throw new ModelAssemblyException($"{path}: expected an assembly built with {ours.Name} {ours.Version.ToString(3)}, found one built with {theirs.ToString(3)}; build it again");
        }
    }

    private static Version? ReferencedVersion(string path, string name)
    {
        try
        {
            using var file = new PEReader(File.OpenRead(path));
            var metadata = file.HasMetadata ? file.GetMetadataReader() : throw new BadImageFormatException("it has no .NET metadata");
            foreach (var handle in metadata.AssemblyReferences)
            {
                var reference = metadata.GetAssemblyReference(handle);
                if (metadata.StringComparer.Equals(reference.Name, name))
                {
                    return reference.Version;
                }
            }

            return null;
        }
        catch (Exception e) when (e is BadImageFormatException or InvalidOperationException or IOException or UnauthorizedAccessException)
        {
            throw new ModelAssemblyException($"{path}: expected a .NET assembly, found another kind of file ({e.Message})", e);
        }
    }
}
