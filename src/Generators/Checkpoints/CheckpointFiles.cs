using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Moesaic.Generators.Checkpoints;

/// <summary>The files of one <c>&lt;MoeCheckpoint&gt;</c>, as the package's targets hand them to the compiler.</summary>
/// <param name="Name">The folder, as the project names it.</param>
/// <param name="Model">The model that it is for.</param>
/// <param name="TensorParallel">Among how many tensor ranks it is to be shared, as the project says it; empty for one.</param>
/// <param name="Config">Its config.json.</param>
/// <param name="Tensors">Its manifest or index; null where it has neither.</param>
internal sealed record CheckpointFiles(string Name, string Model, string TensorParallel, AdditionalText? Config, AdditionalText? Tensors)
{
    public static IEnumerable<CheckpointFiles> All(AnalyzerOptions options) => options.AdditionalFiles
        .Select(file => (File: file, Options: options.AnalyzerConfigOptionsProvider.GetOptions(file)))
        .Select(static item => (
            item.File,
            Name: Read(item.Options, "MoeCheckpoint"),
            Model: Read(item.Options, "MoeModel"),
            Ranks: Read(item.Options, "MoeTensorParallel"),
            Part: Read(item.Options, "MoePart")))
        .Where(static item => item.Name != "")
        .GroupBy(static item => (item.Name, item.Model))
        .Select(static group => new CheckpointFiles(
            group.Key.Name,
            group.Key.Model,
            group.First().Ranks,
            group.FirstOrDefault(static item => item.Part == "config").File,
            group.FirstOrDefault(static item => item.Part == "manifest").File ?? group.FirstOrDefault(static item => item.Part == "index").File));

    private static string Read(AnalyzerConfigOptions options, string metadata) =>
        options.TryGetValue("build_metadata.AdditionalFiles." + metadata, out var value) ? value : "";
}
