using Moesaic.Generators.Helpers;
using Moesaic.Generators.Specs;

namespace Moesaic.Generators.Planning;

/// <summary>What is written for a block.</summary>
internal sealed record MoeBlockPlan(MoeBlockSpec Spec, EquatableArray<PlannedRule> Rules, EquatableArray<Registration> Registrations)
{
    public static MoeBlockPlan From(MoeBlockSpec spec) =>
        new(spec, WeightPlan.From(spec.ExpertWeights), Register(spec).ToEquatableArray());

    private static IEnumerable<Registration> Register(MoeBlockSpec spec)
    {
        yield return new("Gate", "gate", spec.RouterWeights.Name);
        if (spec.RouterWeights.SelectionBias is { } selectionBias)
        {
            yield return new("SelectionBias", "selection_bias", selectionBias, IsParameter: true, KeepsFloat32: true);
        }

        yield return new("Experts", "experts", "experts");
        if (spec.SharedExperts is { } shared)
        {
            yield return new("SharedExperts", "shared_experts", shared.Name);
            if (shared.Gated)
            {
                yield return new("SharedExpertsGate", "shared_experts_gate", shared.GateName);
            }
        }

        foreach (var child in spec.Children)
        {
            yield return Registration.Of(child);
        }
    }
}
