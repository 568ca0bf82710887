using Moesaic.Generators.Specs;

namespace Moesaic.Generators.Emitting;

/// <summary>Writes the properties of a block.</summary>
internal static class MoeBlockChildren
{
    public static void Write(SourceWriter writer, MoeBlockSpec spec)
    {
        WriteRouter(writer, spec);
        WriteExperts(writer, spec);
        if (spec.SharedExperts is { } shared)
        {
            WriteSharedExperts(writer, spec.Sizes, shared);
        }
    }

    private static void WriteRouter(SourceWriter writer, MoeBlockSpec spec)
    {
        var weights = spec.RouterWeights;
        var sizes = spec.Sizes;
        var options = (weights.Bias ? ", bias: true" : "") + (weights.Float32 ? ", dtype: global::TorchSharp.torch.ScalarType.Float32" : "");
        writer.Write($$"""
            /// <summary>How tokens choose experts.</summary>
            {{spec.Router.Accessibility}} {{spec.Router.QualifiedName}} Router { get; } = new({{Arguments(spec.Router)}});

            /// <summary>The router's projection: [num_experts, hidden_size].</summary>
            public global::Moesaic.Linear Gate { get; } =
                new({{sizes.HiddenSize}}, {{sizes.NumExperts}}{{options}});
            """);
        if (weights.SelectionBias is not null)
        {
            var row = weights.SelectionBiasIsRow ? "1, " : "";
            writer.Separate();
            var (nullable, only, otherwise) = spec.SelectionBiasCondition == "" ? ("", "", "") : ("?", $"{spec.SelectionBiasCondition} ? ", " : null");
            writer.Write($$"""
                /// <summary>Moves the choice of experts and never their weights: [{{row}}num_experts].</summary>
                public global::TorchSharp.Modules.Parameter{{nullable}} SelectionBias { get; private set; } = {{only}}NewParameter({{row}}{{sizes.NumExperts}}){{otherwise}};
                """);
        }

        if (spec.OutputScale != "")
        {
            writer.Separate();
            writer.Write($$"""
                /// <summary>Multiplies what the routed experts give together.</summary>
                public double RoutedScalingFactor { get; } = {{spec.OutputScale}};
                """);
        }
    }

    private static void WriteExperts(SourceWriter writer, MoeBlockSpec spec)
    {
        var sizes = spec.Sizes;
        var bias = CSharpText.Boolean(spec.ExpertWeights.Bias);
        writer.Separate();
        writer.Write($$"""
            /// <summary>The routed experts, their weights stacked.</summary>
            {{spec.Activation.Accessibility}} global::Moesaic.FusedExperts<{{spec.Activation.QualifiedName}}> Experts { get; } =
                new({{sizes.NumExperts}}, {{sizes.HiddenSize}}, {{sizes.MoeIntermediateSize}}, new {{spec.Activation.QualifiedName}}({{Arguments(spec.Activation)}}), bias: {{bias}});

            /// <inheritdoc/>
            public override global::Moesaic.FusedExperts RoutedExperts => Experts;
            """);
    }

    private static void WriteSharedExperts(SourceWriter writer, BlockSizesSpec sizes, SharedExpertsSpec shared)
    {
        var (nullable, unless) = shared.Optional ? ("?", $"{sizes.SharedExpertsIntermediateSize} == 0 ? null : ") : ("", "");
        writer.Separate();
        writer.Write($$"""
            /// <summary>The MLP that every token passes{{(shared.Optional ? "; null where it has no width" : "")}}.</summary>
            public global::Moesaic.GatedMlp{{nullable}} SharedExperts { get; } = {{unless}}new({{sizes.HiddenSize}}, {{sizes.SharedExpertsIntermediateSize}});
            """);
        if (shared.Gated)
        {
            writer.Separate();
            writer.Write($$"""
                /// <summary>How much of it counts, before the sigmoid: [1, hidden_size].</summary>
                public global::Moesaic.Linear{{nullable}} SharedExpertsGate { get; } = {{unless}}new({{sizes.HiddenSize}}, 1);
                """);
        }
    }

    // The names say which number is which, and keep a later change of their order harmless.
    private static string Arguments(MechanismSpec mechanism) =>
        string.Join(", ", mechanism.Arguments.Select(static argument => $"{CSharpText.Identifier(argument.Parameter)}: {argument.Value}"));
}
