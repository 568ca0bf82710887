using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Moesaic.Generators.CodeFixes;

/// <summary>MOE0001: an annotated type, and every type around it, becomes partial.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp)]
[Shared]
public sealed class MakePartialFix() : DeclarationFix<TypeDeclarationSyntax>("MOE0001")
{
    private protected override string? Title(TypeDeclarationSyntax declaration, Diagnostic diagnostic) =>
        declaration.Modifiers.Any(SyntaxKind.FileKeyword) ? null : "Declare it partial";

    private protected override SyntaxNode Fix(SyntaxNode root, TypeDeclarationSyntax declaration, Diagnostic diagnostic) => root.ReplaceNodes(
        declaration.AncestorsAndSelf().OfType<TypeDeclarationSyntax>().Where(static type => !type.Modifiers.Any(SyntaxKind.PartialKeyword)),
        static (_, type) => Partial(type));

    private static TypeDeclarationSyntax Partial(TypeDeclarationSyntax type)
    {
        var keyword = SyntaxFactory.Token(SyntaxKind.PartialKeyword).WithTrailingTrivia(SyntaxFactory.Space);
        return type.Modifiers.Count > 0
            ? type.AddModifiers(keyword)
            : (TypeDeclarationSyntax)type.WithKeyword(type.Keyword.WithLeadingTrivia()).AddModifiers(keyword.WithLeadingTrivia(type.GetLeadingTrivia()));
    }
}
