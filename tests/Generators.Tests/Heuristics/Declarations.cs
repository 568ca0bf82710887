using System.Text.RegularExpressions;
using Moesaic.Generators.Tests.Harness;

namespace Moesaic.Generators.Tests.Heuristics;

/// <summary>Shipped architectures with one thing declared otherwise, against their own golden checkpoint.</summary>
internal static partial class Declarations
{
    /// <summary>The ids and texts of what the compiler finds, on one line each.</summary>
    public static async Task<IReadOnlyList<string>> Find(string golden, string folder, Action<GoldenCheckpoint>? change, params (string Before, string After)[] edits)
    {
        var sources = Sources(folder).ToArray();
        foreach (var (before, after) in edits)
        {
            Assert.Contains(sources, source => source.Contains(before, StringComparison.Ordinal));
            sources = [.. sources.Select(source => source.Replace(before, after, StringComparison.Ordinal))];
        }

        var checkpoint = new GoldenCheckpoint(golden);
        change?.Invoke(checkpoint);
        return await Find(checkpoint, sources);
    }

    /// <summary>What the compiler finds in sources that are for a checkpoint.</summary>
    public static async Task<IReadOnlyList<string>> Find(GoldenCheckpoint checkpoint, string[] sources)
    {
        var declared = await Analysis.Run(sources);
        var compared = await checkpoint.Check(GoldenCheckpoint.Compile(sources));
        return [.. declared.Concat(compared)
            .Where(static finding => finding.Severity > Microsoft.CodeAnalysis.DiagnosticSeverity.Info)
            .Select(static finding => $"{finding.Id}: {finding.GetMessage(null)}")];
    }

    /// <summary>The files of one architecture, and of those that it is made of.</summary>
    public static IEnumerable<string> Closure(string folder)
    {
        var files = Sources(folder).ToArray();
        var others = files.SelectMany(static file => Used().Matches(file)).Select(static match => match.Groups["folder"].Value).Distinct(StringComparer.Ordinal);
        return files.Concat(others.Where(other => other != folder).SelectMany(Closure)).Distinct(StringComparer.Ordinal);
    }

    /// <summary>The files of one architecture.</summary>
    public static IEnumerable<string> Sources(string folder) => GoldenCheckpoint.ModelFiles()
        .Where(file => Path.GetFileName(Path.GetDirectoryName(file)) == folder)
        .Select(File.ReadAllText);

    public static Task<IReadOnlyList<string>> Find(string golden, string folder, params (string Before, string After)[] edits) => Find(golden, folder, null, edits);

    [GeneratedRegex(@"(?m)^using Moesaic\.Models\.(?<folder>\w+);", RegexOptions.ExplicitCapture)]
    private static partial Regex Used();
}
