using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Moesaic.Generators.Diagnostics;
using Moesaic.Generators.Helpers;
using Moesaic.Generators.Known;
using Moesaic.Generators.Specs;

namespace Moesaic.Generators.Parsing;

/// <summary>Experts have a gate, or have none: for the activation and for the checkpoint the same.</summary>
internal static class BlockGate
{
    // What checkpoints call the three projections; of every other name nothing is known.
    private static readonly Dictionary<string, string> Roles = new(StringComparer.Ordinal)
    {
        ["gate_proj"] = "gate",
        ["w1"] = "gate",
        ["up_proj"] = "up",
        ["w3"] = "up",
        ["v1"] = "up",
        ["linear_v"] = "up",
        ["down_proj"] = "down",
        ["w2"] = "down",
    };

    public static void Check(INamedTypeSymbol type, INamedTypeSymbol activation, MoeBlockSpec spec, Location? location, ParseContext context)
    {
        var weights = spec.ExpertWeights;
        var isUngated = activation.Implements(KnownTypes.UngatedActivation);
        var contradiction = (isUngated, weights) switch
        {
            (false, _) when activation.GetMembers("IsGated").Any(static member => member.DeclaredAccessibility == Accessibility.Public) =>
                "the activation says so by `IsGated`, which the compiler cannot read; implement `IUngatedActivation`",
            (true, { GateUp: not null }) => "the activation has no gate, and GateUp names a tensor with one",
            (true, { Gate: not "" }) => "the activation has no gate, and Gate names one; remove it",
            (false, { Gate: "", GateUp: null }) => "the activation has a gate, and Gate has no name",
            _ => null,
        };
        if (contradiction is not null)
        {
            // What the code fix can write: a gate that is named and is none.
            var properties = ImmutableDictionary<string, string?>.Empty;
            properties = isUngated && weights.GateUp is null ? properties.Add("Ungated", "") : properties;
            context.Report(Diagnostic.Create(DiagnosticDescriptors.GateContradicts, location, properties, type.Name, activation.Name, contradiction));
        }

        var at = type.Attribute(KnownTypes.ExpertWeightsAttribute)?.Location(context.Cancellation);
        foreach (var (role, name) in new[] { ("gate", weights.Gate), ("up", weights.Up), ("down", weights.Down) })
        {
            if (weights.GateUp is null && Roles.TryGetValue(name, out var usual) && usual != role)
            {
                context.Report(DiagnosticDescriptors.MisnamedProjection, at, type.Name, role, name, usual);
            }
        }
    }
}
