using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Moesaic.Generators.CodeFixes;

/// <summary>MOE0029: experts of an activation without a gate have no name for one.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp)]
[Shared]
public sealed class UngatedExpertsFix() : DeclarationFix<TypeDeclarationSyntax>("MOE0029")
{
    private protected override string? Title(TypeDeclarationSyntax declaration, Diagnostic diagnostic) =>
        diagnostic.Properties.ContainsKey("Ungated") ? "Remove Gate" : null;

    private protected override SyntaxNode Fix(SyntaxNode root, TypeDeclarationSyntax declaration, Diagnostic diagnostic)
    {
        var weights = Attributes.Find(declaration, "ExpertWeights")!;
        var gate = weights.ArgumentList!.Arguments.First(static argument => argument.NameEquals?.Name.Identifier.Text == "Gate");
        return weights.ArgumentList.Arguments.Count > 1 ? root.RemoveNode(gate, SyntaxRemoveOptions.KeepNoTrivia)!
            : root.ReplaceNode(weights, weights.WithArgumentList(null));
    }
}
