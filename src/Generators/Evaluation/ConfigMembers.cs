using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Moesaic.Generators.Expansion;
using Moesaic.Generators.Helpers;
using Moesaic.Generators.Json;
using Moesaic.Generators.Known;
using Moesaic.Generators.Parsing;
using Moesaic.Generators.Planning;

namespace Moesaic.Generators.Evaluation;

/// <summary>The properties of a config record, read from config.json as its generated reader does.</summary>
internal sealed class ConfigMembers(ConfigValue config, Evaluator evaluator) : IMembers
{
    /// <inheritdoc/>
    public IEnumerable<(TypeDeclarationSyntax Declaration, Scope Scope)> Declarations =>
        from type in config.Type.SelfAndBases().OfType<INamedTypeSymbol>()
        from reference in type.DeclaringSyntaxReferences
        let declaration = reference.GetSyntax() as TypeDeclarationSyntax
        where declaration is not null
        select (declaration, ScopeOf(type));

    /// <inheritdoc/>
    public Value? Member(string name)
    {
        var property = config.Type.SelfAndBases()
            .SelectMany(static t => t.GetMembers().OfType<IPropertySymbol>())
            .FirstOrDefault(p => p.Name == name || p.Name.EndsWith("." + name, StringComparison.Ordinal));
        return property is not null ? Read(property) : Inherited(name);
    }

    private Value Read(IPropertySymbol property)
    {
        evaluator.Types.Read.UnionWith(property.DeclaringSyntaxReferences.Select(static r => r.SyntaxTree));
        var syntax = property.DeclaringSyntaxReferences.Select(static r => r.GetSyntax()).OfType<PropertyDeclarationSyntax>().FirstOrDefault();
        if (property.SetMethod is null)
        {
            return Evaluate(syntax is null ? null : Bodies.Of(syntax) ?? syntax.Initializer?.Value, property.ContainingType);
        }

        var type = ConfigTypes.WithoutNullable(property.Type);
        foreach (var key in Keys(property))
        {
            if (config.Json.Find(key) is { } found)
            {
                return type is INamedTypeSymbol section && section.Attribute(KnownTypes.ModelConfigAttribute) is not null
                    ? found.Kind == JsonKind.Object ? new ConfigValue(section, found) : Value.Unknown
                    : Convert(found, type);
            }
        }

        return syntax switch
        {
            { Initializer: { } initializer } => Evaluate(initializer.Value, property.ContainingType),
            null => Value.Unknown,
            _ when property.IsRequired || config.Json.Kind == JsonKind.Null || type.Implements(KnownTypes.ConfigValue) => Value.Unknown,
            _ => Default(property.Type),
        };
    }

    /// <summary>What an interface of the runtime computes where the record does not say otherwise.</summary>
    private Value? Inherited(string name) => config.Type.AllInterfaces.Any(i => i.GetMembers(name).OfType<IPropertySymbol>().Any(static p => !p.IsAbstract))
        && RuntimeSources.DefaultProperty(config.Type.AllInterfaces.Select(static i => i.Name), name) is { } body
            ? Evaluate(body, config.Type)
            : null;

    private Value Evaluate(ExpressionSyntax? expression, INamedTypeSymbol type) => expression is null
        ? Value.Unknown
        : evaluator.Evaluate(expression, ScopeOf(type));

    private Scope ScopeOf(INamedTypeSymbol type) => new(null, this, new TypeContext(evaluator.Types, type, TypeContext.NoArguments));

    private static IEnumerable<string> Keys(IPropertySymbol property) =>
        property.Attribute(KnownTypes.ConfigKeyAttribute)?.ConstructorArguments is [var keys] && keys.Texts() is { Count: > 0 } texts
            ? texts
            : [CheckpointNames.ToSnakeCase(property.Name)];

    private static Value Convert(JsonValue json, ITypeSymbol type) => (json.Kind, type) switch
    {
        (JsonKind.Number, { SpecialType: SpecialType.System_Int32 or SpecialType.System_Int64 }) => Value.Whole(json.Number),
        (JsonKind.Number, { SpecialType: SpecialType.System_Double or SpecialType.System_Single }) => new NumberValue(json.Number, IsWhole: false),
        (JsonKind.Boolean, { SpecialType: SpecialType.System_Boolean }) => new BooleanValue(json.Boolean),
        (JsonKind.Text, { SpecialType: SpecialType.System_String }) => new TextValue(json.Text),
        (JsonKind.List, INamedTypeSymbol { TypeArguments: [var item] }) => new ListValue([.. json.Items.Select(i => Convert(i, item))]),
        _ => Value.Unknown,
    };

    private static Value Default(ITypeSymbol type) => type.SpecialType switch
    {
        SpecialType.System_Int32 or SpecialType.System_Int64 => Value.Whole(0),
        SpecialType.System_Double or SpecialType.System_Single => new NumberValue(0, IsWhole: false),
        SpecialType.System_Boolean => new BooleanValue(false),
        _ when type.IsReferenceType || !SymbolEqualityComparer.Default.Equals(type, ConfigTypes.WithoutNullable(type)) => Value.Null,
        _ => Value.Unknown,
    };
}
