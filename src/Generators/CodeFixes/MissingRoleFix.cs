using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Moesaic.Generators.CodeFixes;

/// <summary>MOE0023, MOE0034: a tensor of the checkpoint, or its dtype, has one meaning that a block can have; the block says so.</summary>
/// <remarks>Offered where the block stands in the file of the layer that has it.</remarks>
[ExportCodeFixProvider(LanguageNames.CSharp)]
[Shared]
public sealed class MissingRoleFix() : DeclarationFix<PropertyDeclarationSyntax>("MOE0023", "MOE0034")
{
    private protected override string? Title(PropertyDeclarationSyntax declaration, Diagnostic diagnostic) =>
        diagnostic.Properties.TryGetValue("Role", out var role) && Block(declaration) is { } block
            ? $"Declare [{role}({diagnostic.Properties["Facts"]})] on {block.Identifier.Text}"
            : null;

    private protected override SyntaxNode Fix(SyntaxNode root, PropertyDeclarationSyntax declaration, Diagnostic diagnostic)
    {
        var (role, facts) = (diagnostic.Properties["Role"]!, diagnostic.Properties["Facts"]!);
        var block = Block(declaration)!;
        return Attributes.Find(block, role) is { } written
            ? root.ReplaceNode(written, written.AddArgumentListArguments([.. SyntaxFactory.ParseAttributeArgumentList($"({facts})")!.Arguments]))
            : root.ReplaceNode(block, Attributes.Add(block, facts == "" ? role : $"{role}({facts})"));
    }

    /// <summary>The one block that the property's type or initializer names.</summary>
    private static TypeDeclarationSyntax? Block(PropertyDeclarationSyntax property)
    {
        var named = new HashSet<string>(property.DescendantTokens().Select(static token => token.ValueText), StringComparer.Ordinal);
        var blocks = property.SyntaxTree.GetRoot().DescendantNodes().OfType<TypeDeclarationSyntax>()
            .Where(type => named.Contains(type.Identifier.Text) && type.AttributeLists.SelectMany(static list => list.Attributes).Any(static a => a.Name.ToString().Contains("MoeBlock<")))
            .Take(2)
            .ToArray();
        return blocks is [var block] ? block : null;
    }
}
