using System.Globalization;
using Microsoft.CodeAnalysis;

namespace Moesaic.Generators.Tests.Harness;

/// <summary>What the generators write for some sources, once everything has been checked that holds for all sources.</summary>
internal sealed class GeneratorRun
{
    private GeneratorRun(Compilation compilation, IReadOnlyDictionary<string, string> files) =>
        (Compilation, Files) = (compilation, files);

    /// <summary>The sources with what was generated.</summary>
    public Compilation Compilation { get; }

    /// <summary>Texts by hint name.</summary>
    public IReadOnlyDictionary<string, string> Files { get; }

    /// <summary>The only file, or the one whose hint name ends so; the report is beside them.</summary>
    public string File(string end = "") => Assert.Single(Files, file => file.Key != MoeBlockGenerator.ReportName && file.Key.EndsWith(end, StringComparison.Ordinal)).Value;

    /// <summary>Runs the generators and checks the steps, the culture and the compiled result.</summary>
    public static GeneratorRun Of(params string[] sources)
    {
        var compilation = TestCompilation.Of(sources);
        var driver = TestCompilation.Driver().RunGeneratorsAndUpdateCompilation(compilation, out var output, out var diagnostics);
        Assert.Empty(diagnostics);
        var result = driver.GetRunResult();
        Assert.All(result.Results, static generator => Assert.Null(generator.Exception));

        StepChecks.HoldsNothingOfTheCompiler(result);
        StepChecks.RunsNothingAgain(driver.RunGenerators(compilation.Clone()).GetRunResult());
        CompilesWithoutWarnings(output);
        var files = FilesOf(result);
        IsTheSameUnder("fi-FI", compilation, files);
        IsTheSameUnder("tr-TR", compilation, files);
        return new(output, files);
    }

    /// <summary>The texts of a run without the checks, for sources that do not compile.</summary>
    public static IReadOnlyDictionary<string, string> FilesOf(GeneratorDriverRunResult result) => result.Results
        .SelectMany(static generator => generator.GeneratedSources)
        .ToDictionary(static file => file.HintName, static file => file.SourceText.ToString());

    private static void CompilesWithoutWarnings(Compilation output)
    {
        // The texts of tests have no doc comments; what is generated has.
        var findings = output.GetDiagnostics().Where(static finding =>
            finding.Severity != DiagnosticSeverity.Hidden
            && !(finding.Id == "CS1591" && finding.Location.SourceTree?.FilePath.EndsWith(".g.cs", StringComparison.Ordinal) == false));
        Assert.Empty(findings);
    }

    private static void IsTheSameUnder(string culture, Compilation compilation, IReadOnlyDictionary<string, string> files)
    {
        var before = CultureInfo.CurrentCulture;
        CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo(culture);
        try
        {
            Assert.Equal(files, FilesOf(TestCompilation.Driver().RunGenerators(compilation).GetRunResult()));
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }
}
