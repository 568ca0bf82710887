using System.Diagnostics;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;
using Moesaic.Generators.Diagnostics;
using Moesaic.Generators.Tests.Harness;

namespace Moesaic.Benchmarks.Generators;

/// <summary>Generators and analyzers beside the compiler's own work, as a compiler server does it that has compiled before.</summary>
internal static class ModelsBenchmark
{
    private static readonly (string Name, string Before, string After)[] Edits =
    [
        ("an edit in a method body", "using var scope = NewDisposeScope();", "using var scope = NewDisposeScope(); _ = 1;"),
        ("a renamed child", "PostAttentionLayernorm", "PostNorm"),
    ];

    /// <summary>Until the runtime has compiled the compiler with all it knows.</summary>
    public static void Warm(string mixtral)
    {
        for (var i = 0; i < 20; i++)
        {
            Fresh(Of(mixtral, 100), out var output);
            Compile(output);
        }
    }

    public static void Run(string mixtral, int models)
    {
        var compilation = Of(mixtral, models);
        var generate = Timing.Median(() => Fresh(compilation, out _));
        Fresh(compilation, out var output);
        var compile = Timing.Median(() => Compile(output));
        var analyze = Timing.Median(() => Analyze(output));
        Console.WriteLine($"{models} models: compile {compile:F1} ms, generate {generate:F1} ms, analyze {analyze:F1} ms");
        foreach (var (name, before, after) in Edits)
        {
            var (time, ran) = Edit(compilation, before, after);
            Console.WriteLine($"  after {name}: {time:F1} ms, plans made and files written again: {ran}");
        }
    }

    private static CSharpCompilation Of(string mixtral, int models) => TestCompilation.Of(Enumerable.Range(0, models).Select(i => mixtral
        .Replace("Moesaic.Models.Mixtral", $"Moesaic.Models.M{i}", StringComparison.Ordinal)
        .Replace("\"mixtral\"", $"\"m{i}\"", StringComparison.Ordinal)
        .Replace("\"MixtralForCausalLM\"", $"\"M{i}\"", StringComparison.Ordinal)));

    private static void Fresh(Compilation compilation, out Compilation output) =>
        TestCompilation.Driver().RunGeneratorsAndUpdateCompilation(Unbound(compilation), out output, out _);

    private static void Compile(Compilation compilation)
    {
        using var image = new MemoryStream();
        if (!Unbound(compilation).Emit(image).Success)
        {
            throw new InvalidOperationException("it does not compile");
        }
    }

    // The compiler binds what analyzers look at anyway, so their own time counts, which is what -reportanalyzer prints.
    private static double Analyze(Compilation compilation)
    {
        DiagnosticAnalyzer[] analyzers = [new DeclarationAnalyzer(), new RegistryAnalyzer(), new CheckpointAnalyzer()];
        var options = new CompilationWithAnalyzersOptions(new AnalyzerOptions([]), null, concurrentAnalysis: false, logAnalyzerExecutionTime: true);
        var analysis = Unbound(compilation).WithAnalyzers([.. analyzers], options);
        var result = analysis.GetAnalysisResultAsync(default).GetAwaiter().GetResult();
        return analyzers.Sum(analyzer => result.AnalyzerTelemetryInfo[analyzer].ExecutionTime.TotalMilliseconds);
    }

    // Without what earlier runs bound.
    private static Compilation Unbound(Compilation compilation) => compilation.RemoveAllSyntaxTrees().AddSyntaxTrees(compilation.SyntaxTrees);

    private static (double Time, int Ran) Edit(CSharpCompilation compilation, string before, string after)
    {
        var tree = compilation.SyntaxTrees.First(tree => tree.FilePath == "Source0.cs");
        var edited = compilation.ReplaceSyntaxTree(tree, TestCompilation.Parse(tree.ToString().Replace(before, after, StringComparison.Ordinal), tree.FilePath));
        GeneratorDriverRunResult? result = null;
        var time = Timing.Median(() =>
        {
            var driver = TestCompilation.Driver().RunGenerators(compilation);
            var watch = Stopwatch.StartNew();
            driver = driver.RunGenerators(edited);
            result = driver.GetRunResult();
            return watch.Elapsed.TotalMilliseconds;
        });
        return (time, result!.Results
            .SelectMany(static generator => generator.TrackedOutputSteps.Values.Concat(generator.TrackedSteps.Where(static steps => steps.Key is "Plan" or "Registry").Select(static steps => steps.Value)))
            .SelectMany(static steps => steps)
            .Count(static step => step.Outputs.Any(static o => o.Reason is not IncrementalStepRunReason.Cached)));
    }
}
