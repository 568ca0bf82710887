using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Moesaic.Generators.Expansion;

internal static class ConstructorChoice
{
    /// <summary>The constructor that some arguments mean, by their number and names; null for a primary one.</summary>
    /// <param name="except">The one that calls it; null for a call from outside, which sees no private ones.</param>
    public static ConstructorDeclarationSyntax? Of(ModuleClass type, ArgumentListSyntax? arguments, ConstructorDeclarationSyntax? except)
    {
        var given = arguments?.Arguments.ToArray() ?? [];
        return type.Constructors.FirstOrDefault(c => c != except && (except is not null || !IsPrivate(c)) && Takes(c.ParameterList, given));
    }

    private static bool IsPrivate(ConstructorDeclarationSyntax constructor) => constructor.Modifiers.All(static m => m.Text is not ("public" or "protected" or "internal"));

    private static bool Takes(ParameterListSyntax list, ArgumentSyntax[] given)
    {
        var positional = given.Count(static a => a.NameColon is null);
        var names = new HashSet<string>(given.Select(static a => a.NameColon?.Name.Identifier.Text ?? ""), StringComparer.Ordinal);
        return given.Length <= list.Parameters.Count
            && names.All(name => name == "" || list.Parameters.Any(p => p.Identifier.Text == name))
            && list.Parameters.Skip(positional).All(p => p.Default is not null || names.Contains(p.Identifier.Text));
    }
}
