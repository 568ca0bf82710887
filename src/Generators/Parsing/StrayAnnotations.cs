using Microsoft.CodeAnalysis;
using Moesaic.Generators.Diagnostics;
using Moesaic.Generators.Helpers;
using Moesaic.Generators.Known;

namespace Moesaic.Generators.Parsing;

/// <summary>Annotations that no parser reads where they stand: their author believes something that is not so.</summary>
internal static class StrayAnnotations
{
    public static void Check(INamedTypeSymbol type, ParseContext context)
    {
        if (type.Attribute(KnownTypes.MoeBlockAttribute) is null)
        {
            Report(type, KnownTypes.ExpertWeightsAttribute, "the class is not annotated with `[MoeBlock]`", context);
            Report(type, KnownTypes.RouterWeightsAttribute, "the class is not annotated with `[MoeBlock]`", context);
            Report(type, KnownTypes.SharedExpertsAttribute, "the class is not annotated with `[MoeBlock]`", context);
        }

        if (type.Attribute(KnownTypes.MoeModelAttribute)?.Text() == "")
        {
            Report(type, KnownTypes.MoeModelAttribute, "no config.json has an empty model_type", context);
        }

        foreach (var property in type.AuthorMembers().OfType<IPropertySymbol>())
        {
            if (!ModuleRules.IsAnnotated(type) || !ModuleRules.IsChild(property))
            {
                Report(property, KnownTypes.CheckpointNameAttribute, "it is no child or parameter of an annotated module", context);
            }

            if (property.IsStatic || property.SetMethod is null)
            {
                Report(property, KnownTypes.ConfigKeyAttribute, "a property without a setter is not read", context);
            }
            else if (property.Attribute(KnownTypes.ConfigKeyAttribute)?.ConstructorArguments is [var keys] && (keys.Texts().Count == 0 || keys.Texts().Contains("")))
            {
                Report(property, KnownTypes.ConfigKeyAttribute, "it names no key", context);
            }
        }
    }

    private static void Report(ISymbol symbol, string attributeName, string reason, ParseContext context)
    {
        if (symbol.Attribute(attributeName) is { AttributeClass: { } attributeClass } attribute)
        {
            var name = attributeClass.Name.Substring(0, attributeClass.Name.Length - nameof(Attribute).Length);
            context.Report(DiagnosticDescriptors.StrayAnnotation, attribute.Location(context.Cancellation), name, symbol.Name, reason);
        }
    }
}
