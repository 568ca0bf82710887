using Moesaic.Generators.Specs;

namespace Moesaic.Generators.Emitting;

/// <summary>Writes what a block declares as data, with the numbers of its config, for reports at run time.</summary>
internal static class MoeBlockDeclaration
{
    public static void Write(SourceWriter writer, MoeBlockSpec spec)
    {
        writer.Separate();
        writer.Write($$"""
            /// <inheritdoc/>
            public override global::Moesaic.BlockDeclaration Declaration { get; } = new(
                Router: new({{Mechanism(spec.Router)}}),
                RouterFacts: {{Router(spec)}},
                Activation: new({{Mechanism(spec.Activation)}}),
                ExpertFacts: {{CSharpText.Literal(MoeBlockFacts.Experts(spec.ExpertWeights))}},
                SharedExperts: {{Shared(spec)}},
                Forward: {{CSharpText.Literal(MoeBlockFacts.Forward(spec))}});
            """);
    }

    // What a config decides is told as it was decided.
    private static string Router(MoeBlockSpec spec)
    {
        var weights = spec.RouterWeights with { SelectionBiasIf = null };
        var facts = CSharpText.Literal(MoeBlockFacts.Router(weights));
        return spec.SelectionBiasCondition == "" ? facts
            : $"{spec.SelectionBiasCondition} ? {facts} : {CSharpText.Literal(MoeBlockFacts.Router(weights with { SelectionBias = null }))}";
    }

    private static string Shared(MoeBlockSpec spec) => spec.SharedExperts is { Optional: true } shared
        ? $"{spec.Sizes.SharedExpertsIntermediateSize} == 0 ? {CSharpText.Literal(MoeBlockFacts.Shared(null))} : {CSharpText.Literal(MoeBlockFacts.Shared(shared with { Optional = false }))}"
        : CSharpText.Literal(MoeBlockFacts.Shared(spec.SharedExperts));

    private static string Mechanism(MechanismSpec mechanism)
    {
        var values = mechanism.Arguments.Select(static a => $"new({CSharpText.Literal(a.Parameter)}, {a.Value})");
        return $"{CSharpText.Literal(mechanism.Name)}, [{string.Join(", ", values)}]";
    }
}
