using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Moesaic.Generators.Diagnostics;

namespace Moesaic.Generators.Tests.Harness;

/// <summary>Runs the analyzers as a build does: on the sources together with what was generated from them.</summary>
internal static class Analysis
{
    /// <summary>The diagnostics are those that the sources mark, neither more nor fewer; what is wrong generates nothing and throws nothing.</summary>
    public static async Task Finds(params string[] marked)
    {
        var sources = marked.Select(static (text, i) => Markup.Parse(text, $"Source{i}.cs")).ToArray();
        var found = await Run([.. sources.Select(static source => source.Source)]);
        Assert.Equal(
            sources.SelectMany(static source => source.Expected).OrderBy(static mark => (mark.Path, mark.Span.Start, mark.Id)),
            found.Select(static finding => (finding.Id, finding.Location.SourceTree!.FilePath, finding.Location.SourceSpan))
                .OrderBy(static mark => (mark.FilePath, mark.SourceSpan.Start, mark.Id)));
    }

    /// <summary>What the analyzers report on plain sources.</summary>
    public static async Task<IReadOnlyList<Diagnostic>> Run(params string[] sources)
    {
        var driver = TestCompilation.Driver().RunGeneratorsAndUpdateCompilation(TestCompilation.Of(sources), out var output, out var diagnostics);
        Assert.Empty(diagnostics);
        Assert.All(driver.GetRunResult().Results, static generator => Assert.Null(generator.Exception));
        var failures = new List<string>();
        var options = new CompilationWithAnalyzersOptions(
            new AnalyzerOptions([]), (exception, _, _) => failures.Add(exception.ToString()), concurrentAnalysis: true, logAnalyzerExecutionTime: false);
        var found = await output.WithAnalyzers([new DeclarationAnalyzer(), new RegistryAnalyzer()], options).GetAnalyzerDiagnosticsAsync();
        Assert.Empty(failures);
        return found;
    }
}
