using Moesaic.Generators.Tests.Harness;

namespace Moesaic.Generators.Tests;

/// <summary>What the shipped declarations become: for each block what was understood of it, and how it runs.</summary>
/// <remarks>One compilation of all of src/Models, checked once; a snapshot a block shows how its generated file changes. Mixtral has tests of its own.</remarks>
public sealed class ZooTests
{
    private static readonly Lazy<GeneratorRun> Run = new(static () => GeneratorRun.Of([.. Files().Select(File.ReadAllText)]));

    public static TheoryData<string> Blocks() =>
        [.. Run.Value.Files.Where(static file => file.Value.Contains("MoeBlockGenerator") && file.Key != MoeBlockGenerator.ReportName && !file.Key.Contains("Mixtral")).Select(static file => file.Key).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Blocks))]
    public Task Block_IsWrittenAsApproved(string hintName) => Snapshot.Match(Run.Value, hintName);

    [Fact]
    public async Task Declarations_HaveNothingToReport() =>
        Assert.DoesNotContain(await Analysis.Run([.. Files().Select(File.ReadAllText)]), static finding => finding.Severity > Microsoft.CodeAnalysis.DiagnosticSeverity.Info);

    [Fact]
    public void Declarations_AreShort()
    {
        var lengths = Files().Select(static file => File.ReadLines(file).Count()).Order().ToArray();
        Assert.InRange(lengths[lengths.Length / 2], 1, 60);
        Assert.InRange(lengths[^1], 1, 150);
    }

    private static IEnumerable<string> Files() => Directory
        .EnumerateFiles(Path.Combine(TestData.Root, "src", "Models"), "*.cs", SearchOption.AllDirectories)
        .Where(static file => Path.GetRelativePath(TestData.Root, file).Split(Path.DirectorySeparatorChar) is [_, _, not ("bin" or "obj"), ..])
        .Order(StringComparer.Ordinal);
}
