using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Moesaic.Generators.Helpers;

namespace Moesaic.Generators.Expansion;

/// <summary>A class as it is written: the author's, or one of the runtime's.</summary>
/// <param name="name">Its simple name.</param>
/// <param name="symbol">The author's class; null for one of the runtime's.</param>
/// <param name="parts">Where it is written; empty for a class of another assembly.</param>
internal sealed class ModuleClass(string name, INamedTypeSymbol? symbol, IReadOnlyList<TypeDeclarationSyntax> parts)
{
    private readonly Dictionary<string, MemberDeclarationSyntax> _members = Index(parts);

    public string Name { get; } = name;

    public INamedTypeSymbol? Symbol { get; } = symbol;

    public IReadOnlyList<TypeDeclarationSyntax> Parts { get; } = parts;

    public IEnumerable<string> TypeParameters => Parts.FirstOrDefault()?.TypeParameterList?.Parameters.Select(static p => p.Identifier.Text) ?? [];

    /// <summary>The base class, written with or without arguments; null where none is named.</summary>
    public BaseTypeSyntax? Base => Parts.Select(static part => part.BaseList?.Types[0]).FirstOrDefault(static b => b is not null);

    public IEnumerable<ConstructorDeclarationSyntax> Constructors => Parts.SelectMany(static part => part.Members.OfType<ConstructorDeclarationSyntax>());

    /// <summary>Those that register children.</summary>
    public IEnumerable<MethodDeclarationSyntax> Registrations => Parts
        .SelectMany(static part => part.Members.OfType<MethodDeclarationSyntax>())
        .Where(static method => method.Identifier.Text == Known.KnownTypes.RegisterChildren);

    /// <summary>The class of a symbol, its generated part left out.</summary>
    public static ModuleClass Of(INamedTypeSymbol symbol) => new(
        symbol.Name,
        symbol,
        [.. symbol.DeclaringSyntaxReferences.Select(static r => r.GetSyntax()).OfType<TypeDeclarationSyntax>().Where(static s => !s.SyntaxTree.IsGenerated())]);

    public MemberDeclarationSyntax? Member(string member) => _members.TryGetValue(member, out var found) ? found : null;

    private static Dictionary<string, MemberDeclarationSyntax> Index(IEnumerable<TypeDeclarationSyntax> parts)
    {
        var members = new Dictionary<string, MemberDeclarationSyntax>(StringComparer.Ordinal);
        foreach (var member in parts.SelectMany(static part => part.Members))
        {
            switch (member)
            {
                case PropertyDeclarationSyntax property:
                    members[property.Identifier.Text] = property;
                    break;
                case FieldDeclarationSyntax field:
                    foreach (var variable in field.Declaration.Variables)
                    {
                        members[variable.Identifier.Text] = field;
                    }

                    break;
            }
        }

        return members;
    }
}
