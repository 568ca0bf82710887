using TorchSharp;
using static TorchSharp.torch;

namespace Moesaic.Checkpoints;

/// <summary>Where every tensor of a checkpoint goes in a model: decided, and checked, before any of it is read.</summary>
/// <remarks>Each element of each parameter is written by exactly one tensor, and each tensor is claimed by one parameter or ignored by name.</remarks>
public sealed class WeightPlan
{
    internal WeightPlan(
        ExplicitModule model,
        Checkpoint checkpoint,
        IReadOnlyList<WeightTarget> targets,
        IReadOnlyList<WeightAssignment> assignments,
        IReadOnlyList<string> ignored)
    {
        Model = model;
        Checkpoint = checkpoint;
        Targets = targets;
        Assignments = assignments;
        Ignored = ignored;
    }

    /// <summary>What goes where, in the order of the model's rules and parameters.</summary>
    public IReadOnlyList<WeightAssignment> Assignments { get; }

    /// <summary>Names of tensors that the model declares it does not use.</summary>
    public IReadOnlyList<string> Ignored { get; }

    internal ExplicitModule Model { get; }

    internal Checkpoint Checkpoint { get; }

    /// <summary>Every parameter of the model.</summary>
    internal IReadOnlyList<WeightTarget> Targets { get; }

    /// <summary>Whether weights of <paramref name="experts"/>, which are of the model, stay quantized when they are loaded so.</summary>
    /// <param name="dtype">The dtype that is asked for, or null.</param>
    public bool KeepsQuantized(FusedExperts experts, ScalarType? dtype, DeviceType device) => QuantizedOf(experts, dtype, device).Count > 0;

    /// <summary>Those that stay quantized, by the name of their parameter.</summary>
    internal Dictionary<string, QuantizedWeights> QuantizedOf(FusedExperts experts, ScalarType? dtype, DeviceType device) => Assignments
        .Where(assignment => assignment.Target.Registration.Owner == experts)
        .GroupBy(assignment => assignment.Target)
        .Select(sources => (sources.Key.Registration.Name, Weights: (QuantizedWeights?)MappedWeights.For(sources.Key, [.. sources], dtype, device)))
        .Where(static named => named.Weights is not null)
        .ToDictionary(static named => named.Name, static named => named.Weights!);

    /// <summary>Plans the loading of <paramref name="checkpoint"/> into <paramref name="model"/>.</summary>
    /// <param name="ignoredPatterns">Names of tensors that the model does not use, with <c>*</c> for any text.</param>
    /// <param name="quantization">How the checkpoint keeps weights in fewer bits; null where it does not.</param>
    /// <exception cref="CheckpointException">
    /// A tensor is missing, unclaimed, or of another shape or dtype; or the model's rules fill a part of a parameter twice or never.
    /// </exception>
    public static WeightPlan For(
        ExplicitModule model, Checkpoint checkpoint, IEnumerable<string> ignoredPatterns, CheckpointQuantization? quantization = null) =>
        new WeightPlanner(model, checkpoint, quantization).Plan([.. ignoredPatterns.Select(pattern => new NamePattern(pattern))]);
}
