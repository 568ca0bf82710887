using Microsoft.CodeAnalysis;
using Moesaic.Generators.Helpers;
using Moesaic.Generators.Known;

namespace Moesaic.Generators.Parsing;

internal static class ModelSymbols
{
    /// <summary>The config record that a model is made from; null where there is none.</summary>
    public static INamedTypeSymbol? ConfigOf(INamedTypeSymbol model) => model.InstanceConstructors
        .Where(static c => c.DeclaredAccessibility is Accessibility.Public or Accessibility.Internal && c.Parameters.Length == 1)
        .Select(static c => c.Parameters[0].Type)
        .OfType<INamedTypeSymbol>()
        .FirstOrDefault(static t => t.Attribute(KnownTypes.ModelConfigAttribute) is not null || t.Implements(KnownTypes.ConfigValue));
}
