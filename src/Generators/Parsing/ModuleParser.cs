using Microsoft.CodeAnalysis;
using Moesaic.Generators.Diagnostics;
using Moesaic.Generators.Helpers;
using Moesaic.Generators.Known;
using Moesaic.Generators.Planning;
using Moesaic.Generators.Specs;

namespace Moesaic.Generators.Parsing;

/// <summary>Reads a class annotated with <c>[Module]</c>.</summary>
internal static class ModuleParser
{
    private const string Attribute = "Module";

    /// <summary>Null where the declaration is wrong.</summary>
    public static ModuleSpec? Parse(INamedTypeSymbol type, ParseContext context)
    {
        if (!type.DerivesFrom(KnownTypes.ExplicitModule))
        {
            context.Report(DiagnosticDescriptors.WrongBase, type, type.Name, Attribute, "derive from `ExplicitModule`");
        }

        ModuleRules.CheckOwner(type, Attribute, context);
        var spec = new ModuleSpec(
            DeclaredTypeParser.Parse(type, Attribute, context),
            ChildrenParser.Parse(type, context),
            ModuleRules.CallsBase(type),
            Layer(type, context));
        ModuleRules.CheckNames(type, ModulePlan.From(spec).Registrations, context);
        return context.Failed ? null : spec;
    }

    private static LayerSpec? Layer(INamedTypeSymbol type, ParseContext context)
    {
        if (type.IsAbstract || !type.DerivesFrom(KnownTypes.DecoderLayer) || WritesCreate(type))
        {
            return null;
        }

        var constructor = LayerConstructor(type);
        if (constructor is null || type.GetMembers().Any(static member => member is IPropertySymbol { IsRequired: true } or IFieldSymbol { IsRequired: true }))
        {
            context.Report(DiagnosticDescriptors.MissingLayerConstructor, type, type.Name, "have a constructor `(TConfig config, int layerIndex)` and no `required` members");
        }

        return constructor is null ? null : new(constructor.Parameters[0].Type.QualifiedName(), HidesBase(type));
    }

    public static IMethodSymbol? LayerConstructor(INamedTypeSymbol type) => type.InstanceConstructors.FirstOrDefault(static c =>
        c.Parameters is [{ RefKind: RefKind.None }, { Type.SpecialType: SpecialType.System_Int32, RefKind: RefKind.None }]);

    public static bool WritesCreate(INamedTypeSymbol type) => type.AuthorMembers().Any(static member =>
        member is IMethodSymbol { Name: "Create", IsStatic: true, Parameters: [_, { Type.SpecialType: SpecialType.System_Int32 }] });

    public static bool HidesBase(INamedTypeSymbol type) => type.BaseType!.SelfAndBases().Any(static t =>
        !t.IsAbstract && t.Attribute(KnownTypes.ModuleAttribute) is not null && t.DerivesFrom(KnownTypes.DecoderLayer));
}
