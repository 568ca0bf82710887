using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Moesaic.Generators.CodeFixes;

/// <summary>MOE0016: a base class with children, in the same file, is annotated with <c>[Module]</c>.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp)]
[Shared]
public sealed class ModuleAttributeFix() : DeclarationFix<TypeDeclarationSyntax>("MOE0016")
{
    private protected override string? Title(TypeDeclarationSyntax declaration, Diagnostic diagnostic) =>
        Base(declaration, diagnostic) is { } found ? $"Annotate {found.Identifier.Text} with [Module]" : null;

    private protected override SyntaxNode Fix(SyntaxNode root, TypeDeclarationSyntax declaration, Diagnostic diagnostic)
    {
        var found = Base(declaration, diagnostic)!;
        var annotated = Attributes.Add(found, "Module");
        return root.ReplaceNode(found, annotated.Modifiers.Any(SyntaxKind.PartialKeyword)
            ? annotated
            : annotated.AddModifiers(SyntaxFactory.Token(SyntaxKind.PartialKeyword).WithTrailingTrivia(SyntaxFactory.Space)));
    }

    private static TypeDeclarationSyntax? Base(TypeDeclarationSyntax declaration, Diagnostic diagnostic) =>
        diagnostic.Properties.TryGetValue("Base", out var name)
            ? declaration.SyntaxTree.GetRoot().DescendantNodes().OfType<TypeDeclarationSyntax>().FirstOrDefault(type => type.Identifier.Text == name && type.Modifiers.Count > 0)
            : null;
}
