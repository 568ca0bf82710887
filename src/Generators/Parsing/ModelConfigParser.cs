using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Moesaic.Generators.Diagnostics;
using Moesaic.Generators.Helpers;
using Moesaic.Generators.Known;
using Moesaic.Generators.Planning;
using Moesaic.Generators.Specs;

namespace Moesaic.Generators.Parsing;

/// <summary>Reads a record annotated with <c>[ModelConfig]</c>.</summary>
internal static class ModelConfigParser
{
    private const string Attribute = "ModelConfig";

    /// <summary>Null where the declaration is wrong.</summary>
    public static ModelConfigSpec? Parse(INamedTypeSymbol type, ParseContext context)
    {
        if (!type.IsRecord || type.IsAbstract || !type.InstanceConstructors.Any(static c => c.Parameters.IsEmpty))
        {
            context.Report(DiagnosticDescriptors.WrongBase, type, type.Name, Attribute, "be a record with a constructor without parameters");
        }

        GeneratedNames.CheckConfig(type, context);
        foreach (var member in type.AuthorMembers().Where(member => IsFilledByNobody(member, context.Cancellation)))
        {
            context.Report(DiagnosticDescriptors.UnfilledConfigMember, member, member.Name, type.Name);
        }

        var declared = DeclaredTypeParser.Parse(type, Attribute, context);
        var properties = new List<ConfigPropertySpec>();
        foreach (var property in Settable(type, context.Compilation))
        {
            if (Understand(property, context) is { } understood)
            {
                properties.Add(understood);
            }
        }

        var spec = new ModelConfigSpec(declared, properties.ToEquatableArray(), Supported(type), HidesBase(type));
        CheckKeys(type, ModelConfigPlan.From(spec), context);
        return context.Failed ? null : spec;
    }

    // A base record's first, as it is written first; one that is overridden or hidden counts once, where it stands last.
    private static IEnumerable<IPropertySymbol> Settable(INamedTypeSymbol type, Compilation compilation) => type.SelfAndBases()
        .SelectMany((t, depth) => t.GetMembers().OfType<IPropertySymbol>().Select(property => (property, depth)))
        .Where(item => item.property is { IsStatic: false, IsIndexer: false, SetMethod: { } setter } && compilation.IsSymbolAccessibleWithin(setter, type))
        .GroupBy(static item => item.property.Name, StringComparer.Ordinal)
        .Select(static same => same.First())
        .OrderByDescending(static item => item.depth)
        .Select(static item => item.property);

    private static ConfigPropertySpec? Understand(IPropertySymbol property, ParseContext context)
    {
        var type = ConfigTypes.WithoutNullable(property.Type);
        var key = property.Attribute(KnownTypes.ConfigKeyAttribute);
        if (ConfigTypes.KindOf(type, hasKey: key is not null) is not { } kind)
        {
            context.Report(
                DiagnosticDescriptors.UnsupportedConfigType,
                property,
                property.Name,
                property.Type.ToDisplayString(SymbolDisplayFormat.MinimallyQualifiedFormat));
            return null;
        }

        var keys = key?.ConstructorArguments is [var argument] ? argument.Texts() : default;
        return new(property.Name, type.QualifiedName(), kind, keys, property.IsRequired);
    }

    // A base record's own are its Read's, which a derived record hides: both count.
    private static EquatableArray<SupportedValuesSpec> Supported(INamedTypeSymbol type) => type.SelfAndBases()
        .SelectMany(static t => t.GetAttributes())
        .Where(static attribute => attribute.AttributeClass?.Is(KnownTypes.ConfigSupportsAttribute) == true)
        .Where(static attribute => attribute.ConstructorArguments is [{ Value: string }, _])
        .Select(static attribute => new SupportedValuesSpec((string)attribute.ConstructorArguments[0].Value!, Values(attribute.ConstructorArguments[1])))
        .ToEquatableArray();

    private static EquatableArray<string> Values(TypedConstant value) => value.Kind == TypedConstantKind.Array
        ? (value.IsNull ? [] : value.Values.Select(static item => item.ToCSharpString())).ToEquatableArray()
        : new([value.ToCSharpString()]);

    /// <summary>A public field, or a property that nothing sets or computes: its author believes that config.json does.</summary>
    private static bool IsFilledByNobody(ISymbol member, CancellationToken cancellation) => !member.IsStatic && !member.IsImplicitlyDeclared && member switch
    {
        IFieldSymbol { IsConst: false, DeclaredAccessibility: Accessibility.Public or Accessibility.Internal } => true,
        IPropertySymbol { IsIndexer: false, SetMethod: null } property => property.HasBackingField()
            && property.DeclaringSyntaxReferences.Any(reference => reference.GetSyntax(cancellation) is PropertyDeclarationSyntax { Initializer: null, ExpressionBody: null, AccessorList.Accessors: [{ Body: null, ExpressionBody: null }] }),
        _ => false,
    };

    /// <summary>A base record has a <c>Read</c> of its own.</summary>
    public static bool HidesBase(INamedTypeSymbol type) => type.BaseType?.SelfAndBases().Any(Reads) == true;

    private static bool Reads(ITypeSymbol type) =>
        type.Attribute(KnownTypes.ModelConfigAttribute) is not null || type.GetMembers("Read").Any(static member => member is IMethodSymbol { IsStatic: true });

    private static void CheckKeys(INamedTypeSymbol type, ModelConfigPlan plan, ParseContext context)
    {
        var owners = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var entry in plan.Required.Concat(plan.Optional))
        {
            foreach (var key in entry.Keys)
            {
                if (owners.TryGetValue(key, out var owner))
                {
                    var location = type.GetMembers(entry.Property).FirstOrDefault() ?? type;
                    context.Report(DiagnosticDescriptors.SameConfigKey, location, owner, entry.Property, key);
                }

                owners[key] = entry.Property;
            }
        }
    }
}
