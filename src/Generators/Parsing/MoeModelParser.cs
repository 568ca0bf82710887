using Microsoft.CodeAnalysis;
using Moesaic.Generators.Diagnostics;
using Moesaic.Generators.Helpers;
using Moesaic.Generators.Known;
using Moesaic.Generators.Planning;
using Moesaic.Generators.Specs;

namespace Moesaic.Generators.Parsing;

/// <summary>Reads a class annotated with <c>[MoeModel]</c>.</summary>
internal static class MoeModelParser
{
    private const string Attribute = "MoeModel";

    /// <summary>Null where the declaration is wrong.</summary>
    public static MoeModelSpec? Parse(INamedTypeSymbol type, ParseContext context)
    {
        if (type.Attribute(KnownTypes.MoeModelAttribute) is not { } attribute || attribute.Text() is not { } modelType)
        {
            return null; // The compiler has said so.
        }

        if (!type.DerivesFrom(KnownTypes.CausalLm))
        {
            context.Report(DiagnosticDescriptors.WrongBase, type, type.Name, Attribute, "derive from `CausalLm`");
        }

        ModuleRules.CheckOwner(type, Attribute, context);
        var config = ModelSymbols.ConfigOf(type);
        if (config is null || type.IsAbstract || IsGeneric(type) || type.WidestAccessibility() == "private")
        {
            context.Report(DiagnosticDescriptors.NotCreatable, type, type.Name);
        }

        CheckLayer(type, context);
        var spec = new MoeModelSpec(
            DeclaredTypeParser.Parse(type, Attribute, context),
            modelType,
            attribute.NamedTexts(nameof(MoeModelSpec.Architectures)),
            attribute.NamedTexts(nameof(MoeModelSpec.Ignored)),
            config?.QualifiedName() ?? "",
            ChildrenParser.Parse(type, context));
        ModuleRules.CheckNames(type, spec.Children.Select(Registration.Of).ToArray(), context);
        return context.Failed ? null : spec;
    }

    /// <summary>What a model makes its layers from, they take.</summary>
    private static void CheckLayer(INamedTypeSymbol type, ParseContext context)
    {
        var made = type.SelfAndBases().OfType<INamedTypeSymbol>().FirstOrDefault(static t => t.Is(KnownTypes.CausalLm) && t.TypeArguments.Length == 2);
        if (made?.TypeArguments is [var config, INamedTypeSymbol layer] && layer.Attribute(KnownTypes.ModuleAttribute) is not null
            && ModuleParser.LayerConstructor(layer) is { } constructor && !SymbolEqualityComparer.Default.Equals(constructor.Parameters[0].Type, config))
        {
            context.Report(DiagnosticDescriptors.MissingLayerConstructor, type, layer.Name, $"take `{config.Name}`, which is the config of `{type.Name}`");
        }
    }

    private static bool IsGeneric(INamedTypeSymbol type) => type.IsGenericType || type.ContainingType is { } container && IsGeneric(container);
}
