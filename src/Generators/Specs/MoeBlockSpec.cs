using Moesaic.Generators.Helpers;

namespace Moesaic.Generators.Specs;

/// <summary>What a class annotated with <c>[MoeBlock]</c> declares.</summary>
/// <param name="SharedExperts">Null without the attribute.</param>
/// <param name="Children">What the author adds to the children of every block.</param>
/// <param name="CallsBase">A base class registers children of its own.</param>
/// <param name="WritesForward">The author wrote <c>forward</c>.</param>
internal sealed record MoeBlockSpec(
    DeclaredType Type,
    MechanismSpec Router,
    MechanismSpec Activation,
    BlockSizesSpec Sizes,
    RouterWeightsSpec RouterWeights,
    ExpertWeightsSpec ExpertWeights,
    SharedExpertsSpec? SharedExperts,
    EquatableArray<ChildSpec> Children,
    bool CallsBase,
    bool WritesForward)
{
    /// <summary>The expression that says whether there is a selection bias; empty where that is declared without condition.</summary>
    public string SelectionBiasCondition { get; init; } = "";

    /// <summary>The expression that multiplies what the routed experts give; empty for none.</summary>
    public string OutputScale { get; init; } = "";
}
