using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Moesaic.Generators.CodeFixes;

/// <summary>MOE0024: a child has the name that the checkpoint has in its place.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp)]
[Shared]
public sealed class CheckpointNameFix() : DeclarationFix<PropertyDeclarationSyntax>("MOE0024")
{
    private const string Property = "CheckpointName";

    private protected override string? Title(PropertyDeclarationSyntax declaration, Diagnostic diagnostic) =>
        diagnostic.Properties.TryGetValue(Property, out var name) ? $"Declare its name: {name}" : null;

    private protected override SyntaxNode Fix(SyntaxNode root, PropertyDeclarationSyntax declaration, Diagnostic diagnostic)
    {
        var attribute = $"{Property}({SymbolDisplay.FormatLiteral(diagnostic.Properties[Property]!, quote: true)})";
        return Attributes.Find(declaration, Property) is { } written
            ? root.ReplaceNode(written, Attributes.Parse(attribute).Attributes[0].WithTriviaFrom(written))
            : root.ReplaceNode(declaration, Attributes.Prepend(declaration, attribute));
    }
}
