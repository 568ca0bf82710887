using Microsoft.CodeAnalysis;
using Moesaic.Generators.Diagnostics;
using Moesaic.Generators.Helpers;
using Moesaic.Generators.Known;
using Moesaic.Generators.Specs;

namespace Moesaic.Generators.Parsing;

/// <summary>What the router says of weights is said once, and of something that is there.</summary>
internal static class BlockScale
{
    public static void Check(INamedTypeSymbol type, MoeBlockSpec spec, ParseContext context)
    {
        var location = type.Attribute(KnownTypes.RouterWeightsAttribute)?.Location(context.Cancellation);
        foreach (var contradiction in Contradictions(spec))
        {
            context.Report(DiagnosticDescriptors.ContradictoryRouterWeights, location, type.Name, contradiction);
        }
    }

    private static IEnumerable<string> Contradictions(MoeBlockSpec spec)
    {
        if (spec.RouterWeights.ScaleOutput && spec.Router.Arguments.Any(static argument => argument.Parameter == "routedScalingFactor"))
        {
            yield return $"ScaleOutput scales what the experts give, and the router `{spec.Router.Name}` has scaled their weights already";
        }

        if (spec.RouterWeights is { SelectionBiasIf: not null, SelectionBias: null })
        {
            yield return "SelectionBiasIf is the condition of a bias, and SelectionBias does not name one";
        }

        if (spec.RouterWeights is { SelectionBiasIsRow: true, SelectionBias: null })
        {
            yield return "SelectionBiasIsRow is the shape of a bias, and SelectionBias does not name one";
        }
    }
}
