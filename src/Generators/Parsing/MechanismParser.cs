using Microsoft.CodeAnalysis;
using Moesaic.Generators.Diagnostics;
using Moesaic.Generators.Helpers;
using Moesaic.Generators.Specs;

namespace Moesaic.Generators.Parsing;

/// <summary>Reads a router or an activation, a type argument of <c>[MoeBlock]</c>.</summary>
internal static class MechanismParser
{
    public static MechanismSpec Parse(INamedTypeSymbol type, IParameterSymbol config, Location? location, ParseContext context)
    {
        // Every struct has a constructor without parameters, declared or not.
        var constructors = type.InstanceConstructors.Where(static c => c.Parameters.Length > 0).ToArray();
        if (constructors.Length > 1)
        {
            context.Report(DiagnosticDescriptors.NoSingleConstructor, location, type.Name);
        }

        var binding = new ConfigBinding(config, type.Name, location, context);
        var arguments = constructors.FirstOrDefault()?.Parameters.Select(p => new ArgumentSpec(p.Name, binding.Bind(p.Name, p.Type))) ?? [];
        return new(
            type.ToDisplayString(SymbolDisplayFormat.MinimallyQualifiedFormat), type.QualifiedName(), type.WidestAccessibility(), arguments.ToEquatableArray());
    }
}
