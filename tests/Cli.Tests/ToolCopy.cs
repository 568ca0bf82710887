using System.Buffers.Binary;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;

namespace Moesaic.Cli.Tests;

/// <summary>The built tool in another folder, whose library a test may change.</summary>
internal sealed class ToolCopy : IDisposable
{
    private readonly string _folder;

    internal ToolCopy(string prefix)
    {
        _folder = Directory.CreateTempSubdirectory(prefix).FullName;
        var source = Path.GetDirectoryName(Ranks.Program)!;
        foreach (var file in Directory.EnumerateFiles(source))
        {
            File.Copy(file, Path.Combine(_folder, Path.GetFileName(file)));
        }

        foreach (var folder in Directory.EnumerateDirectories(source))
        {
            Directory.CreateSymbolicLink(Path.Combine(_folder, Path.GetFileName(folder)), folder);
        }
    }

    /// <summary>To be started with dotnet.</summary>
    internal string Program => Path.Combine(_folder, Path.GetFileName(Ranks.Program));

    /// <summary>Writes another version into the library's manifest, where the runtime reads it.</summary>
    internal void BecomeVersion(Version version)
    {
        var path = Path.Combine(_folder, "Moesaic.Runtime.dll");
        var bytes = File.ReadAllBytes(path);
        using (var file = new PEReader([.. bytes]))
        {
            var metadata = file.GetMetadataReader();
            var row = file.PEHeaders.MetadataStartOffset + metadata.GetTableMetadataOffset(TableIndex.Assembly) + sizeof(int); // Behind the hash algorithm's number.
            foreach (var (index, part) in ((int[])[version.Major, version.Minor, version.Build, version.Revision]).Index())
            {
                BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(row + (index * sizeof(ushort))), (ushort)part);
            }
        }

        File.WriteAllBytes(path, bytes);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
