using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Moesaic.Generators.Diagnostics;
using Moesaic.Generators.Helpers;

namespace Moesaic.Generators.Parsing;

/// <summary>Finds the config property that a number comes from, by name; there is no default to fall back to.</summary>
/// <param name="parameter">The block's constructor parameter that holds the config.</param>
/// <param name="user">What needs the number, for the message.</param>
/// <param name="location">Where that is declared.</param>
internal sealed class ConfigBinding(IParameterSymbol parameter, string user, Location? location, ParseContext context)
{
    /// <summary>The expression for a number called <paramref name="name"/>: <c>config.TopK</c> for <c>topK</c>.</summary>
    public string Bind(string name, ITypeSymbol type)
    {
        var wanted = char.ToUpperInvariant(name[0]) + name.Substring(1);
        var property = Find(wanted);
        if (property is not null && Cast(property.Type, type) is { } cast)
        {
            return cast + Owner(property) + "." + property.Name;
        }

        context.Report(
            DiagnosticDescriptors.MissingConfigProperty, location, user, wanted, Short(type),
            property is null ? $"`{parameter.Type.Name}` has none; declare it" : $"that of `{parameter.Type.Name}` is `{Short(property.Type)}`; declare one that fits");
        return "default";
    }

    private static string Short(ITypeSymbol type) => type.ToDisplayString(SymbolDisplayFormat.MinimallyQualifiedFormat);

    // The config's own properties first; then what it implements explicitly. An interface's default is no number of the model's.
    private IPropertySymbol? Find(string name) =>
        parameter.Type.SelfAndBases().Concat(parameter.Type.SelfAndBases().SelectMany(static t => t.AllInterfaces))
            .SelectMany(t => t.GetMembers(name))
            .OfType<IPropertySymbol>()
            .FirstOrDefault(static p => !p.IsStatic && p.GetMethod is not null
                && p.DeclaredAccessibility is Accessibility.Public or Accessibility.Internal
                && (p.IsAbstract || p.ContainingType.TypeKind != TypeKind.Interface));

    private string Owner(IPropertySymbol property)
    {
        var config = Emitting.CSharpText.Identifier(parameter.Name);
        return property.ContainingType.TypeKind == TypeKind.Interface && parameter.Type.TypeKind is not (TypeKind.Interface or TypeKind.TypeParameter)
            ? $"(({property.ContainingType.QualifiedName()}){config})"
            : config;
    }

    private string? Cast(ITypeSymbol from, ITypeSymbol to)
    {
        var conversion = context.Compilation.ClassifyConversion(from, to);
        return conversion switch
        {
            { IsIdentity: true } or { IsImplicit: true } => "",
            { IsNumeric: true } when from.SpecialType == SpecialType.System_Double && to.SpecialType == SpecialType.System_Single => "(float)",
            _ => null,
        };
    }
}
