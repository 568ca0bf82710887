namespace Moesaic.Native;

/// <summary>Which libtorch is in this process already.</summary>
internal static class LoadedLibtorch
{
    /// <summary>Two copies in one process register every operator twice, and libtorch aborts the process; we refuse before that.</summary>
    /// <exception cref="LibtorchException">Another copy is loaded.</exception>
    internal static void RefuseAnother(string directory)
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        var wanted = Resolve(Path.Combine(directory, LibtorchFiles.TorchCpuName));
        foreach (var line in File.ReadLines("/proc/self/maps"))
        {
            var start = line.IndexOf('/', StringComparison.Ordinal);
            if (start < 0 || !line.EndsWith("/" + LibtorchFiles.TorchCpuName, StringComparison.Ordinal))
            {
                continue;
            }

            var loaded = Resolve(line[start..]);
            if (loaded != wanted)
            {
                throw new LibtorchException(
                    $"{loaded} is in this process already, and {wanted} would be a second libtorch; load only one, or set {LibtorchFiles.DirectoryVariable} to the folder of the first");
            }
        }
    }

    private static string Resolve(string path) => new FileInfo(path).ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? path;
}
