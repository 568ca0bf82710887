using System.Security.Cryptography;
using System.Text;

namespace Moesaic.Kernels;

/// <summary>Measured plans on disk, a line each: the key, a tab, the plan. Under a name that holds all else they depend on. Delete it at any time.</summary>
internal sealed class PlanFile(string path)
{
    // To be raised when a kernel becomes faster or slower.
    private const int Version = 2;

    internal string Path => path;

    /// <summary>That of a GPU in <c>$XDG_CACHE_HOME/moesaic/cuda</c>.</summary>
    /// <param name="gpu">Its name.</param>
    internal static PlanFile OfUser(string gpu)
    {
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{Version}, {gpu}")))[..16];
        return new(System.IO.Path.Combine(UserFolders.Cache, "moesaic", "cuda", $"plans-{hash}.txt"));
    }

    /// <summary>The plans that are known, by key; none where the file cannot be read.</summary>
    internal IReadOnlyDictionary<string, string> Read()
    {
        try
        {
            return File.Exists(path)
                ? File.ReadLines(path).Select(static line => line.Split('\t')).Where(static parts => parts.Length == 2)
                    .GroupBy(static parts => parts[0], StringComparer.Ordinal).ToDictionary(static key => key.Key, static key => key.Last()[1], StringComparer.Ordinal)
                : new Dictionary<string, string>();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new Dictionary<string, string>();
        }
    }

    /// <summary>Whether it could be added; if not, the next process measures again.</summary>
    internal bool Add(string key, string plan)
    {
        try
        {
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
            File.AppendAllText(path, $"{key}\t{plan}\n");
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
