using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Moesaic.Generators.CodeFixes;

/// <summary>MOE0005: a child is <c>{ get; }</c>, a parameter <c>{ get; private set; }</c>, where an initializer is there already.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp)]
[Shared]
public sealed class AccessorsFix() : DeclarationFix<PropertyDeclarationSyntax>("MOE0005")
{
    private protected override string? Title(PropertyDeclarationSyntax declaration, Diagnostic diagnostic) =>
        declaration.Initializer is null ? null : $"Declare it {Accessors(declaration)}";

    private protected override SyntaxNode Fix(SyntaxNode root, PropertyDeclarationSyntax declaration, Diagnostic diagnostic)
    {
        var pattern = (PropertyDeclarationSyntax)SyntaxFactory.ParseMemberDeclaration($"int P {Accessors(declaration)} = 0;")!;
        return root.ReplaceNode(declaration, declaration
            .WithModifiers([.. declaration.Modifiers.Where(static modifier => !modifier.IsKind(SyntaxKind.RequiredKeyword))])
            .WithAccessorList(pattern.AccessorList!.WithTriviaFrom(declaration.AccessorList!)));
    }

    private static string Accessors(PropertyDeclarationSyntax declaration) =>
        declaration.Type.ToString().TrimEnd('?').Split('.').Last() == "Parameter" ? "{ get; private set; }" : "{ get; }";
}
