using System.Globalization;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Moesaic.Generators.Diagnostics;
using Moesaic.Generators.Helpers;
using Moesaic.Generators.Json;
using Moesaic.Generators.Parsing;
using Moesaic.Generators.Planning;
using Moesaic.Generators.Specs;

namespace Moesaic.Generators.Checkpoints;

/// <summary>Whether a config.json has what a config record reads.</summary>
internal sealed class ConfigCheck(string checkpoint, ParseContext findings)
{
    public void Run(INamedTypeSymbol type, JsonValue json)
    {
        if (ModelConfigParser.Parse(type, new(findings.Compilation, findings.Cancellation)) is not { } spec)
        {
            return; // Its own diagnostics come first.
        }

        var plan = ModelConfigPlan.From(spec);
        foreach (var entry in plan.Required.Concat(plan.Optional))
        {
            Check(type, entry, json);
        }

        foreach (var constant in Constants(type))
        {
            Check(constant.Property, constant.Value, json);
        }

        foreach (var supported in plan.Supported)
        {
            if (json.Find(supported.Key) is { } found && !supported.Values.Contains(found.ToString()))
            {
                findings.Report(
                    DiagnosticDescriptors.ConfigMismatch, type, $"{checkpoint}/config.json", supported.Key, string.Join(" or ", supported.Values), found.ToString());
            }
        }

        CheckRouting(type, plan, json);
    }

    /// <summary>What config.json says of the routing, somebody listens to: a record that reads itself from the whole may.</summary>
    private void CheckRouting(INamedTypeSymbol type, ModelConfigPlan plan, JsonValue json)
    {
        if (plan.Required.Any(static entry => entry.Kind == ConfigValueKind.Whole && !entry.TypeName.StartsWith("global::Moesaic.", StringComparison.Ordinal)))
        {
            return;
        }

        HashSet<string> known =
        [
            .. plan.Required.Concat(plan.Optional).SelectMany(static entry => entry.Keys),
            .. plan.Supported.Select(static supported => supported.Key),
            .. type.SelfAndBases().SelectMany(static t => t.GetMembers().OfType<IPropertySymbol>()).Select(static property => CheckpointNames.ToSnakeCase(property.Name)),
        ];
        foreach (var key in RoutingKeys.Neutral.Where(key => !known.Contains(key.Key)))
        {
            if (json.Find(key.Key) is { } found && key.Value?.Same(found) != true)
            {
                findings.Report(DiagnosticDescriptors.UnreadRouting, type, $"{checkpoint}/config.json", key.Key, found.ToString(), type.Name);
            }
        }
    }

    private void Check(INamedTypeSymbol type, ConfigEntry entry, JsonValue json)
    {
        var there = entry.Keys.Select(key => (Key: key, Value: json.Find(key))).Where(static item => item.Value is not null).ToArray();
        ISymbol property = type.SelfAndBases().SelectMany(t => t.GetMembers(entry.Property)).FirstOrDefault(static m => m.Locations.Any(static l => l.IsInSource)) ?? type;
        if (there.Length == 0 && entry.IsRequired && entry.Keys.Count > 0)
        {
            findings.Report(DiagnosticDescriptors.ConfigMismatch, property, $"{checkpoint}/config.json", string.Join(" or ", entry.Keys), Text(entry.Kind), "none");
        }

        foreach (var (key, value) in there)
        {
            if (!Is(value!, entry.Kind))
            {
                findings.Report(DiagnosticDescriptors.ConfigMismatch, property, $"{checkpoint}/config.json", key, Text(entry.Kind), value!.ToString());
            }
            else if (!value!.Same(there[0].Value!))
            {
                findings.Report(
                    DiagnosticDescriptors.ContradictoryConfig, property, $"{checkpoint}/config.json", there[0].Key, there[0].Value!.ToString(), key, value.ToString(), entry.Property);
            }
        }

        if (entry.Kind == ConfigValueKind.Section && there is [(_, { Kind: JsonKind.Object } section)] && Section(type, entry) is { } record)
        {
            Run(record, section);
        }
    }

    /// <summary>A number that the record states whatever config.json says; where that has a key of its name, both have to say the same.</summary>
    private void Check(IPropertySymbol property, object? value, JsonValue json)
    {
        var key = CheckpointNames.ToSnakeCase(property.Name);
        var stated = value switch
        {
            bool boolean => new JsonValue { Kind = JsonKind.Boolean, Boolean = boolean },
            int or double => new JsonValue { Kind = JsonKind.Number, Number = Convert.ToDouble(value, CultureInfo.InvariantCulture) },
            _ => null,
        };
        if (stated is not null && json.Find(key) is { } found && !found.Same(stated))
        {
            findings.Report(DiagnosticDescriptors.ConfigMismatch, property, $"{checkpoint}/config.json", key, $"{stated}, as the record states", found.ToString());
        }
    }

    private static IEnumerable<(IPropertySymbol Property, object? Value)> Constants(INamedTypeSymbol type) =>
        from property in type.GetMembers().OfType<IPropertySymbol>()
        where property is { IsStatic: false, SetMethod: null, ExplicitInterfaceImplementations.IsEmpty: true }
        from reference in property.DeclaringSyntaxReferences
        where reference.GetSyntax() is PropertyDeclarationSyntax { ExpressionBody.Expression: LiteralExpressionSyntax }
        select (property, ((LiteralExpressionSyntax)((PropertyDeclarationSyntax)reference.GetSyntax()).ExpressionBody!.Expression).Token.Value);

    private static INamedTypeSymbol? Section(INamedTypeSymbol type, ConfigEntry entry) =>
        type.GetMembers(entry.Property).OfType<IPropertySymbol>().Select(static p => ConfigTypes.WithoutNullable(p.Type)).OfType<INamedTypeSymbol>().FirstOrDefault();

    private static bool Is(JsonValue value, ConfigValueKind kind) => kind switch
    {
        ConfigValueKind.Int32 or ConfigValueKind.Int64 => value.Kind == JsonKind.Number && value.Number == Math.Floor(value.Number),
        ConfigValueKind.Double or ConfigValueKind.Single => value.Kind == JsonKind.Number,
        ConfigValueKind.Boolean => value.Kind == JsonKind.Boolean,
        ConfigValueKind.String => value.Kind == JsonKind.Text,
        ConfigValueKind.Int32s or ConfigValueKind.Doubles => All(value, JsonKind.Number),
        ConfigValueKind.Booleans => All(value, JsonKind.Boolean),
        ConfigValueKind.Strings => All(value, JsonKind.Text),
        _ => true, // It reads itself, and knows what it may be.
    };

    private static bool All(JsonValue value, JsonKind kind) => value.Kind == JsonKind.List && value.Items.All(item => item.Kind == kind);

    private static string Text(ConfigValueKind kind) => kind switch
    {
        ConfigValueKind.Int32 or ConfigValueKind.Int64 => "a whole number",
        ConfigValueKind.Double or ConfigValueKind.Single => "a number",
        ConfigValueKind.Boolean => "true or false",
        ConfigValueKind.String => "a text",
        ConfigValueKind.Section => "an object",
        ConfigValueKind.Int32s => "a list of whole numbers",
        ConfigValueKind.Doubles => "a list of numbers",
        ConfigValueKind.Booleans => "a list of truth values",
        ConfigValueKind.Strings => "a list of texts",
        _ => "a value",
    };
}
