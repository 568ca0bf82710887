using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Moesaic.Generators.CodeFixes;

/// <summary>MOE0029: experts of an activation without a gate are declared to have none.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp)]
[Shared]
public sealed class UngatedExpertsFix() : DeclarationFix<TypeDeclarationSyntax>("MOE0029")
{
    private const string NoGate = "Gate = \"\"";

    private protected override string? Title(TypeDeclarationSyntax declaration, Diagnostic diagnostic) =>
        diagnostic.Properties.ContainsKey("Ungated") ? $"Declare [ExpertWeights({NoGate})]" : null;

    private protected override SyntaxNode Fix(SyntaxNode root, TypeDeclarationSyntax declaration, Diagnostic diagnostic)
    {
        if (Attributes.Find(declaration, "ExpertWeights") is not { } weights)
        {
            return root.ReplaceNode(declaration, Attributes.Add(declaration, $"ExpertWeights({NoGate})"));
        }

        var gate = SyntaxFactory.ParseAttributeArgumentList($"({NoGate})")!.Arguments[0];
        var written = weights.ArgumentList?.Arguments.FirstOrDefault(static argument => argument.NameEquals?.Name.Identifier.Text == "Gate");
        return written is null
            ? root.ReplaceNode(weights, weights.AddArgumentListArguments(gate))
            : root.ReplaceNode(written, gate.WithTriviaFrom(written));
    }
}
