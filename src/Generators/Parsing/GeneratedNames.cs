using Microsoft.CodeAnalysis;
using Moesaic.Generators.Diagnostics;
using Moesaic.Generators.Helpers;
using Moesaic.Generators.Known;
using Moesaic.Generators.Specs;

namespace Moesaic.Generators.Parsing;

/// <summary>Members that the generated part has too: C# would say so there, where nobody can mend it.</summary>
internal static class GeneratedNames
{
    private const string Rename = "rename it";

    /// <param name="config">The parameter of the primary constructor, whose others have names too.</param>
    public static void CheckBlock(INamedTypeSymbol type, IParameterSymbol config, RouterWeightsSpec router, SharedExpertsSpec? shared, ParseContext context)
    {
        HashSet<string> names =
        [
            "Router", "Gate", "Experts", "RoutedExperts", "WeightRules", "Declaration",
            .. router.SelectionBias is null ? Array.Empty<string>() : ["SelectionBias"],
            .. router.ScaleOutput ? ["RoutedScalingFactor"] : Array.Empty<string>(),
            .. shared is null ? Array.Empty<string>() : ["SharedExperts"],
            .. shared is { Gated: true } ? ["SharedExpertsGate"] : Array.Empty<string>(),
        ];
        Report(type, member => names.Contains(member.Name), Rename, context);
        names.Add("Config"); // The base class's, which the generated part reads.
        foreach (var parameter in ((IMethodSymbol)config.ContainingSymbol).Parameters.Where(parameter => names.Contains(parameter.Name)))
        {
            context.Report(DiagnosticDescriptors.GeneratedName, parameter, parameter.Name, type.Name, Rename);
        }

        Report(type, static member => member is IMethodSymbol { Name: "forward", IsOverride: false, Parameters: [{ Type: var of }] } && of.Is(KnownTypes.Tensor), "`override` it", context);
    }

    public static void CheckConfig(INamedTypeSymbol type, ParseContext context) =>
        Report(type, static member => member.Name == "Read" && member is not IMethodSymbol { Parameters.Length: not 1 }, $"{Rename}, or leave `[ModelConfig]` away and implement `IConfigValue`", context);

    private static void Report(INamedTypeSymbol type, Func<ISymbol, bool> clashes, string advice, ParseContext context)
    {
        foreach (var member in type.AuthorMembers().Where(clashes))
        {
            context.Report(DiagnosticDescriptors.GeneratedName, member, member.Name, type.Name, advice);
        }
    }
}
