using Microsoft.CodeAnalysis;
using Moesaic.Generators.Diagnostics;
using Moesaic.Generators.Helpers;
using Moesaic.Generators.Known;
using Moesaic.Generators.Specs;

namespace Moesaic.Generators.Parsing;

/// <summary>Reads <c>[ExpertWeights]</c>, and refuses facts that contradict each other. Whether experts have a gate, the activation says.</summary>
internal static class ExpertWeightsParser
{
    public static ExpertWeightsSpec Parse(INamedTypeSymbol type, INamedTypeSymbol activation, ParseContext context)
    {
        var otherwise = new ExpertWeightsSpec();
        otherwise = activation.Implements(KnownTypes.UngatedActivation) ? otherwise with { Gate = "" } : otherwise;
        if (type.Attribute(KnownTypes.ExpertWeightsAttribute) is not { } attribute)
        {
            return otherwise;
        }

        var spec = new ExpertWeightsSpec
        {
            Gate = attribute.Named(nameof(otherwise.Gate), otherwise.Gate),
            Up = attribute.Named(nameof(otherwise.Up), otherwise.Up),
            Down = attribute.Named(nameof(otherwise.Down), otherwise.Down),
            GateUp = attribute.Named(nameof(otherwise.GateUp), otherwise.GateUp),
            Experts = attribute.Named(nameof(otherwise.Experts), otherwise.Experts),
            Layout = (LayoutKind)attribute.Named(nameof(otherwise.Layout), (int)otherwise.Layout),
            Interleaved = attribute.Named(nameof(otherwise.Interleaved), otherwise.Interleaved),
            Transposed = attribute.Named(nameof(otherwise.Transposed), otherwise.Transposed),
            Bias = attribute.Named(nameof(otherwise.Bias), otherwise.Bias),
            Suffix = attribute.Named(nameof(otherwise.Suffix), otherwise.Suffix),
        };

        var location = attribute.Location(context.Cancellation);
        if (HasEqualNames(spec))
        {
            context.Report(DiagnosticDescriptors.SameProjectionName, location, type.Name);
        }

        var named = new HashSet<string>(attribute.NamedArguments.Select(static argument => argument.Key), StringComparer.Ordinal);
        foreach (var contradiction in Contradictions(spec, named))
        {
            context.Report(DiagnosticDescriptors.ContradictoryExpertWeights, location, type.Name, contradiction);
        }

        return spec;
    }

    private static bool HasEqualNames(ExpertWeightsSpec spec)
    {
        string[] names = spec.GateUp is { } together ? [together, spec.Down] : [spec.Gate, spec.Up, spec.Down];
        return names.Distinct(StringComparer.Ordinal).Count() < names.Length;
    }

    private static IEnumerable<string> Contradictions(ExpertWeightsSpec spec, HashSet<string> named)
    {
        if (spec.GateUp is null && spec.Interleaved)
        {
            yield return "Interleaved says how gate and up lie in one tensor, and GateUp does not name one";
        }

        if (spec.GateUp is not null && (named.Contains(nameof(spec.Gate)) || named.Contains(nameof(spec.Up))))
        {
            yield return "GateUp replaces Gate and Up, which are named too";
        }

        if (spec.Layout == LayoutKind.Flat && (spec.Transposed || spec.Interleaved || spec.Bias))
        {
            yield return "a Flat tensor is [E * F, D] for every projection, neither Transposed, Interleaved nor with a Bias";
        }

        if (spec.Up == "" || spec.Down == "" || spec.GateUp == "")
        {
            yield return "Up, Down and GateUp need a name";
        }

        if (!Enum.IsDefined(typeof(LayoutKind), spec.Layout))
        {
            yield return $"{(int)spec.Layout} is no Layout";
        }

        if (spec.Bias && spec.Suffix is not ("" or ".weight"))
        {
            yield return "a Bias has no name beside a Suffix other than .weight or none";
        }
    }
}
