using System.Runtime.InteropServices;

namespace Moesaic.Native;

/// <summary>A copy of TorchSharp's native library that loads with an older libstdc++, kept in a per-user cache.</summary>
internal static class MendedLibrary
{
    private const string Version = "GLIBCXX_3.4.32";

    /// <summary>Loads a mended copy of <paramref name="original"/>, which is written if it is not there yet.</summary>
    /// <remarks>
    /// Safe when several processes start at once: the copy appears by an atomic rename, and one that is there is used only
    /// if its bytes are what the mend of this original gives.
    /// </remarks>
    internal static nint Load(string original)
    {
        var name = Path.GetFileName(original);
        var bytes = File.ReadAllBytes(original);
        if (ElfVersionNeeds.Weaken(bytes, Version) == 0)
        {
            throw new InvalidDataException($"it does not ask for {Version}, so there is nothing to mend");
        }

        foreach (var directory in CandidateDirectories())
        {
            try
            {
                return NativeLibrary.Load(Place(bytes, directory, name));
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // A home that cannot be written: the temporary folder below can, or says why not.
            }
        }

        var temporary = Directory.CreateTempSubdirectory("moesaic-").FullName;
        try
        {
            return NativeLibrary.Load(Place(bytes, temporary, name));
        }
        finally
        {
            Directory.Delete(temporary, recursive: true); // What is loaded stays loaded.
        }
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
