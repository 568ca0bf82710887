using Moesaic.Generators.Tests.Harness;

namespace Moesaic.Generators.Tests.Heuristics;

/// <summary>Shipped architectures with one thing declared otherwise, against their own golden checkpoint.</summary>
internal static class Declarations
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
        var declared = await Analysis.Run(sources);
        var compared = await checkpoint.Check(GoldenCheckpoint.Compile(sources));
        return [.. declared.Concat(compared)
            .Where(static finding => finding.Severity > Microsoft.CodeAnalysis.DiagnosticSeverity.Info)
            .Select(static finding => $"{finding.Id}: {finding.GetMessage(null)}")];
    }

    /// <summary>The files of one architecture.</summary>
    public static IEnumerable<string> Sources(string folder) => GoldenCheckpoint.ModelFiles()
        .Where(file => Path.GetFileName(Path.GetDirectoryName(file)) == folder)
        .Select(File.ReadAllText);

    public static Task<IReadOnlyList<string>> Find(string golden, string folder, params (string Before, string After)[] edits) => Find(golden, folder, null, edits);
}
