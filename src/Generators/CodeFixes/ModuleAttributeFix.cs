using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Moesaic.Generators.CodeFixes;

/// <summary>MOE0016: a class with children is annotated with <c>[Module]</c>.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp)]
[Shared]
public sealed class ModuleAttributeFix() : DeclarationFix<TypeDeclarationSyntax>("MOE0016")
{
    private protected override string? Title(TypeDeclarationSyntax declaration, Diagnostic diagnostic) => $"Annotate {declaration.Identifier.Text} with [Module]";

    private protected override SyntaxNode Fix(SyntaxNode root, TypeDeclarationSyntax declaration, Diagnostic diagnostic)
    {
        var annotated = Attributes.Add(declaration, "Module");
        return root.ReplaceNode(declaration, annotated.Modifiers.Any(SyntaxKind.PartialKeyword)
            ? annotated
            : annotated.AddModifiers(SyntaxFactory.Token(SyntaxKind.PartialKeyword).WithTrailingTrivia(SyntaxFactory.Space)));
    }
}
