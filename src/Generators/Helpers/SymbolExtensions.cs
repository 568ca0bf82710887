using Microsoft.CodeAnalysis;

namespace Moesaic.Generators.Helpers;

/// <summary>Questions about symbols, asked by full name: a compilation may hold two types of one metadata name, or none.</summary>
internal static class SymbolExtensions
{
    private static readonly SymbolDisplayFormat FullNameFormat = new(
        typeQualificationStyle: SymbolDisplayTypeQualificationStyle.NameAndContainingTypesAndNamespaces);

    public static bool Is(this ITypeSymbol type, string fullName) =>
        fullName.EndsWith(type.Name, StringComparison.Ordinal) && type.ToDisplayString(FullNameFormat) == fullName;

    /// <summary>The type itself, then what it derives from, nearest first; of a type parameter, what it is constrained to.</summary>
    public static IEnumerable<ITypeSymbol> SelfAndBases(this ITypeSymbol type)
    {
        if (type is ITypeParameterSymbol parameter)
        {
            return parameter.ConstraintTypes.SelectMany(SelfAndBases);
        }

        return Chain(type);

        static IEnumerable<ITypeSymbol> Chain(ITypeSymbol? type)
        {
            for (; type is not null; type = type.BaseType)
            {
                yield return type;
            }
        }
    }

    public static bool DerivesFrom(this ITypeSymbol type, string fullName) => type.SelfAndBases().Any(t => t.Is(fullName));

    public static bool Implements(this ITypeSymbol type, string interfaceName) =>
        type.SelfAndBases().Any(t => t.Is(interfaceName) || t.AllInterfaces.Any(i => i.Is(interfaceName)));

    public static AttributeData? Attribute(this ISymbol symbol, string fullName) =>
        symbol.GetAttributes().FirstOrDefault(attribute => attribute.AttributeClass?.Is(fullName) == true);

    /// <summary>The members that the author wrote: an analyzer also sees those of the generated part.</summary>
    public static IEnumerable<ISymbol> AuthorMembers(this INamedTypeSymbol type) => type.GetMembers().Where(
        static member => !member.DeclaringSyntaxReferences.Any(static reference => reference.SyntaxTree.IsGenerated()));

    public static bool IsGenerated(this SyntaxTree tree) => tree.FilePath.EndsWith(".g.cs", StringComparison.Ordinal);

    /// <summary>An auto-property, with the field behind it that an initializer fills; another only forwards.</summary>
    public static bool HasBackingField(this IPropertySymbol property) => property.ContainingType.GetMembers().Any(
        member => member is IFieldSymbol field && SymbolEqualityComparer.Default.Equals(field.AssociatedSymbol, property));

    public static string QualifiedName(this ITypeSymbol type) => type.ToDisplayString(SymbolDisplayFormat.FullyQualifiedFormat);

    /// <summary>The widest accessibility of a member of this type.</summary>
    public static string WidestAccessibility(this ITypeSymbol type)
    {
        var widest = "public";
        for (ITypeSymbol? t = type; t is not null; t = t.ContainingType)
        {
            if (t.DeclaredAccessibility is not (Accessibility.Public or Accessibility.Internal))
            {
                return "private";
            }

            widest = t.DeclaredAccessibility == Accessibility.Internal ? "internal" : widest;
        }

        return widest;
    }
}
