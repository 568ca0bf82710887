using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Moesaic.Generators.CodeFixes;

internal static class Attributes
{
    public static AttributeSyntax? Find(MemberDeclarationSyntax member, string name) =>
        member.AttributeLists.SelectMany(static list => list.Attributes).FirstOrDefault(attribute => attribute.Name.ToString().Split('.').Last() == name);

    /// <summary>After those that are there, on a line of its own.</summary>
    public static TypeDeclarationSyntax Add(TypeDeclarationSyntax type, string attribute)
    {
        if (type.AttributeLists.Count > 0)
        {
            var last = type.AttributeLists.Last();
            return (TypeDeclarationSyntax)type.AddAttributeLists(Parse(attribute).WithLeadingTrivia(Indentation(last)).WithTrailingTrivia(last.GetTrailingTrivia()));
        }

        var list = Parse(attribute).WithLeadingTrivia(type.GetLeadingTrivia()).WithTrailingTrivia(SyntaxFactory.LineFeed);
        return (TypeDeclarationSyntax)type.WithLeadingTrivia(Indentation(type)).WithAttributeLists([list]);
    }

    /// <summary>Before the property, on its line.</summary>
    public static MemberDeclarationSyntax Prepend(PropertyDeclarationSyntax property, string attribute)
    {
        var list = Parse(attribute).WithLeadingTrivia(property.GetLeadingTrivia()).WithTrailingTrivia(SyntaxFactory.Space);
        return property.WithLeadingTrivia().WithAttributeLists([list, .. property.AttributeLists]);
    }

    public static AttributeListSyntax Parse(string attribute) =>
        ((TypeDeclarationSyntax)SyntaxFactory.ParseMemberDeclaration($"[{attribute}] class C;")!).AttributeLists[0].WithTrailingTrivia();

    private static SyntaxTriviaList Indentation(SyntaxNode node) =>
        [.. node.GetLeadingTrivia().Reverse().TakeWhile(static trivia => trivia.IsKind(SyntaxKind.WhitespaceTrivia))];
}
