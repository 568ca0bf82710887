using Microsoft.CodeAnalysis;
using Moesaic.Generators.Diagnostics;
using Moesaic.Generators.Helpers;
using Moesaic.Generators.Known;
using Moesaic.Generators.Specs;

namespace Moesaic.Generators.Parsing;

/// <summary>Reads a router or an activation, a type argument of <c>[MoeBlock]</c>.</summary>
internal static class MechanismParser
{
    public static MechanismSpec Parse(INamedTypeSymbol type, INamedTypeSymbol block, IParameterSymbol config, Location? location, ParseContext context)
    {
        // Every struct has a constructor without parameters, declared or not.
        var constructors = type.InstanceConstructors.Where(static c => c.Parameters.Length > 0).ToArray();
        foreach (var reason in Unusable(type, block, constructors, context.Compilation))
        {
            context.Report(DiagnosticDescriptors.UnusableMechanism, location, type.Name, reason);
        }

        var binding = new ConfigBinding(config, type.Name, location, context);
        var arguments = constructors.FirstOrDefault()?.Parameters.Select(p => new ArgumentSpec(p.Name, binding.Bind(p.Name, p.Type))) ?? [];
        return new(
            type.ToDisplayString(SymbolDisplayFormat.MinimallyQualifiedFormat), type.QualifiedName(), type.WidestAccessibility(), arguments.ToEquatableArray());
    }

    private static IEnumerable<string> Unusable(INamedTypeSymbol type, INamedTypeSymbol block, IMethodSymbol[] constructors, Compilation compilation)
    {
        if (constructors.Length > 1)
        {
            yield return "it has several constructors with parameters; leave the one whose numbers come from the config";
        }

        if (constructors is [var only] && !compilation.IsSymbolAccessibleWithin(only, block))
        {
            yield return "its constructor is not accessible; make it public";
        }

        if (type.GetMembers().FirstOrDefault(static member => member is IPropertySymbol { IsRequired: true } or IFieldSymbol { IsRequired: true }) is { } required)
        {
            yield return $"nobody sets its `required` member `{required.Name}`; make it a parameter of the constructor";
        }

        var route = type.AllInterfaces.FirstOrDefault(static i => i.Is(KnownTypes.Router))?.GetMembers("Route").FirstOrDefault();
        if (route is not null && type.FindImplementationForInterfaceMember(route) is IMethodSymbol { ExplicitInterfaceImplementations.IsEmpty: false })
        {
            yield return "it implements `Route` explicitly; make it public";
        }
    }
}
