using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Moesaic.Generators.Evaluation;

internal static class Bodies
{
    /// <summary>The expression that a property without a field computes; null where it is none, or more than one.</summary>
    public static ExpressionSyntax? Of(PropertyDeclarationSyntax property) =>
        property.ExpressionBody?.Expression
        ?? property.AccessorList?.Accessors.FirstOrDefault(static a => a.Keyword.Text == "get")?.ExpressionBody?.Expression;
}
