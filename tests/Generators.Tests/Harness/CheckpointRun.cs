using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Moesaic.Generators.Diagnostics;

namespace Moesaic.Generators.Tests.Harness;

/// <summary>Runs the checkpoint check as a build does that has a <c>&lt;MoeCheckpoint&gt;</c>.</summary>
internal static class CheckpointRun
{
    /// <summary>What is found in a checkpoint: an index or a manifest, which may be absent.</summary>
    public static Task<ImmutableArray<Diagnostic>> Of(Compilation compilation, string model, string config, string? tensors, string tensorParallel = "") => Of(
        compilation,
        new CheckpointFile("checkpoint", model, "config", config, tensorParallel),
        tensors is null ? null : new CheckpointFile("checkpoint", model, tensors.Contains("moesaic-manifest") ? "manifest" : "index", tensors, tensorParallel));

    public static async Task<ImmutableArray<Diagnostic>> Of(Compilation compilation, params CheckpointFile?[] files)
    {
        var failures = new List<string>();
        var options = new AnalyzerOptions([.. files.OfType<AdditionalText>()], new CheckpointFileOptions());
        var found = await compilation
            .WithAnalyzers([new CheckpointAnalyzer()], new CompilationWithAnalyzersOptions(
                options, (exception, _, _) => failures.Add(exception.ToString()), concurrentAnalysis: false, logAnalyzerExecutionTime: false))
            .GetAnalyzerDiagnosticsAsync();
        Assert.Empty(failures);
        return found;
    }
}
