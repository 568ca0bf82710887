using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Moesaic.Generators.Expansion;

/// <summary>How the names of types are meant at one place.</summary>
/// <param name="names">The compilation's.</param>
/// <param name="symbol">The author's class around it; null inside the runtime.</param>
/// <param name="arguments">What the type parameters stand for.</param>
internal sealed class TypeContext(TypeNames names, INamedTypeSymbol? symbol, IReadOnlyDictionary<string, TypeReference> arguments)
{
    public static IReadOnlyDictionary<string, TypeReference> NoArguments { get; } = new Dictionary<string, TypeReference>();

    /// <summary>Null for what is no class of which it is known how it is written.</summary>
    public TypeReference? Resolve(TypeSyntax type) => type switch
    {
        NullableTypeSyntax nullable => Resolve(nullable.ElementType),
        QualifiedNameSyntax qualified => Resolve(qualified.Right),
        AliasQualifiedNameSyntax alias => Resolve(alias.Name),
        IdentifierNameSyntax name when arguments.TryGetValue(name.Identifier.Text, out var argument) => argument,
        IdentifierNameSyntax name => Of(name.Identifier.Text, []),
        GenericNameSyntax generic => Of(generic.Identifier.Text, generic.TypeArgumentList.Arguments),
        _ => null,
    };

    private TypeReference? Of(string name, IReadOnlyList<TypeSyntax> written)
    {
        if (names.Find(name, written.Count, symbol) is not { } found)
        {
            return null;
        }

        var bound = new Dictionary<string, TypeReference>(StringComparer.Ordinal);
        foreach (var (parameter, argument) in found.TypeParameters.Zip(written, static (p, a) => (p, a)))
        {
            if (Resolve(argument) is { } resolved)
            {
                bound.Add(parameter, resolved);
            }
        }

        return new(found, bound);
    }
}
