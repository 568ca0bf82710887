using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Moesaic.Generators.Diagnostics;
using Moesaic.Generators.Helpers;
using Moesaic.Generators.Known;
using Moesaic.Generators.Specs;

namespace Moesaic.Generators.Parsing;

/// <summary>What <c>[RouterWeights]</c> says is said once, of something that is there, and to a router that listens.</summary>
internal static class BlockRouter
{
    public static void Check(INamedTypeSymbol type, INamedTypeSymbol router, MoeBlockSpec spec, ParseContext context)
    {
        var location = type.Attribute(KnownTypes.RouterWeightsAttribute)?.Location(context.Cancellation);
        foreach (var contradiction in Contradictions(spec, router, context.Cancellation))
        {
            context.Report(DiagnosticDescriptors.ContradictoryRouterWeights, location, type.Name, contradiction);
        }
    }

    private static IEnumerable<string> Contradictions(MoeBlockSpec spec, INamedTypeSymbol router, CancellationToken cancellation)
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

        if (spec.RouterWeights.SelectionBias == "")
        {
            yield return "SelectionBias needs a name";
        }

        if (spec.RouterWeights.SelectionBias is not null && (router.Implements(KnownTypes.UnbiasedRouter) || NeverReadsTheBias(router, cancellation)))
        {
            yield return $"SelectionBias moves the choice of experts, and the router `{spec.Router.Name}` has no place for it";
        }
    }

    /// <summary>Of a router of the author's own, whose body can be read.</summary>
    private static bool NeverReadsTheBias(INamedTypeSymbol router, CancellationToken cancellation) =>
        router.AuthorMembers().FirstOrDefault(static member => member is IMethodSymbol { Name: "Route", Parameters.Length: 2 }) is IMethodSymbol { DeclaringSyntaxReferences: [var reference] } route
        && reference.GetSyntax(cancellation) is MethodDeclarationSyntax written
        && ((SyntaxNode?)written.Body ?? written.ExpressionBody) is { } code
        && !code.DescendantTokens().Any(token => token.ValueText == route.Parameters[1].Name);
}
