using Microsoft.CodeAnalysis;
using Moesaic.Generators.Diagnostics;
using Moesaic.Generators.Helpers;
using Moesaic.Generators.Known;

namespace Moesaic.Generators.Parsing;

/// <summary>Classes that say nothing where something has to be said: a module with children, a block.</summary>
internal static class MissingAnnotations
{
    public static void Check(INamedTypeSymbol type, ParseContext context)
    {
        if (type.TypeKind != TypeKind.Class || !type.DerivesFrom(KnownTypes.ExplicitModule) || ModuleRules.IsAnnotated(type))
        {
            return;
        }

        if (!type.IsAbstract && type.BaseType!.Is(KnownTypes.MoeBlock) && type.AuthorMembers().All(static member => member.Name != "RoutedExperts"))
        {
            context.Report(DiagnosticDescriptors.UnannotatedBlock, type, type.Name);
        }
        else if (!ModuleRules.Registers(type) && !ModuleRules.WritesConstructor(type, context.Cancellation)
            && type.AuthorMembers().OfType<IPropertySymbol>().FirstOrDefault(ModuleRules.IsChild) is { } child)
        {
            context.Report(DiagnosticDescriptors.UnregisteredChild, type, type.Name, child.Name);
        }
    }
}
