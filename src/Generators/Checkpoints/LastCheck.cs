using System.Runtime.CompilerServices;
using Microsoft.CodeAnalysis;

namespace Moesaic.Generators.Checkpoints;

/// <summary>What the last check of a checkpoint found, and from which files: as long as these are the same, so is what it found.</summary>
internal sealed class LastCheck(
    string model, string ranks, CheckpointConfig config, IReadOnlyCollection<SyntaxTree> trees, IReadOnlyList<MetadataReference> references, IReadOnlyList<Diagnostic> findings)
{
    private static readonly ConditionalWeakTable<CheckpointTensors, LastCheck> ByTensors = new();

    public IReadOnlyList<Diagnostic> Findings { get; } = findings;

    public static LastCheck? Of(CheckpointTensors tensors, CheckpointConfig config, string model, string ranks, Compilation compilation) =>
        ByTensors.TryGetValue(tensors, out var last) && last.IsFor(model, ranks, config, compilation) ? last : null;

    public void Keep(CheckpointTensors tensors)
    {
        ByTensors.Remove(tensors);
        ByTensors.Add(tensors, this);
    }

    private bool IsFor(string otherModel, string otherRanks, CheckpointConfig otherConfig, Compilation compilation) =>
        model == otherModel
        && ranks == otherRanks
        && config == otherConfig
        && trees.All(compilation.ContainsSyntaxTree)
        && references.SequenceEqual(compilation.References);
}
