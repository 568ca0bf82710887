namespace Moesaic.Native;

/// <summary>A copy of TorchSharp's native library that loads with an older libstdc++, kept in a per-user cache.</summary>
internal static class MendedLibrary
{
    private const string Version = "GLIBCXX_3.4.32";

    /// <summary>The path of a mended copy of <paramref name="original"/>, written if it is not there yet.</summary>
    /// <remarks>
    /// Safe when several processes start at once: the copy appears by an atomic rename, and one that is there is used only
    /// if its bytes are what the mend of this original gives.
    /// </remarks>
    internal static string PathFor(string original)
    {
        var bytes = File.ReadAllBytes(original);
        if (ElfVersionNeeds.Weaken(bytes, Version) == 0)
        {
            throw new InvalidDataException($"it does not ask for {Version}, so there is nothing to mend");
        }

        foreach (var directory in CandidateDirectories())
        {
            try
            {
                return Place(bytes, directory, Path.GetFileName(original));
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // Read-only home: the next candidate is writable or the last one throws.
            }
        }

        return Place(bytes, Directory.CreateTempSubdirectory("moesaic-").FullName, Path.GetFileName(original));
    }

    private static string Place(byte[] bytes, string directory, string name)
    {
        var path = Path.Combine(directory, name);
        if (File.Exists(path) && File.ReadAllBytes(path).AsSpan().SequenceEqual(bytes))
        {
            return path;
        }

        Directory.CreateDirectory(directory);
        var partial = Path.Combine(directory, $"{name}.{Environment.ProcessId}.{Guid.NewGuid():N}");
        File.WriteAllBytes(partial, bytes);
        File.Move(partial, path, overwrite: true);
        return path;
    }

    private static IEnumerable<string> CandidateDirectories()
    {
        var cache = Environment.GetEnvironmentVariable("XDG_CACHE_HOME");
        if (string.IsNullOrEmpty(cache))
        {
            var home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
            cache = home.Length == 0 ? null : Path.Combine(home, ".cache");
        }

        if (cache is not null)
        {
            yield return Path.Combine(cache, "moesaic", "torchsharp-0.107.0");
        }
    }
}
