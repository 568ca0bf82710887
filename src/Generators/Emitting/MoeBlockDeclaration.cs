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
                RouterFacts: {{CSharpText.Literal(MoeBlockFacts.Router(spec.RouterWeights))}},
                Activation: new({{Mechanism(spec.Activation)}}),
                ExpertFacts: {{CSharpText.Literal(MoeBlockFacts.Experts(spec.ExpertWeights))}},
                SharedExperts: {{CSharpText.Literal(MoeBlockFacts.Shared(spec.SharedExperts))}},
                Forward: {{CSharpText.Literal(MoeBlockFacts.Forward(spec))}});
            """);
    }

    private static string Mechanism(MechanismSpec mechanism)
    {
        var values = mechanism.Arguments.Select(static a => $"new({CSharpText.Literal(a.Parameter)}, {a.Value})");
        return $"{CSharpText.Literal(mechanism.Name)}, [{string.Join(", ", values)}]";
    }
}
