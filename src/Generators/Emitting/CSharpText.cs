using Microsoft.CodeAnalysis.CSharp;

namespace Moesaic.Generators.Emitting;

/// <summary>Texts and names as C# writes them.</summary>
internal static class CSharpText
{
    public static string Literal(string text) => SymbolDisplay.FormatLiteral(text, quote: true);

    public static string Literals(IEnumerable<string> texts) => string.Join(", ", texts.Select(Literal));

    public static string Boolean(bool value) => value ? "true" : "false";

    /// <summary>A name, with an <c>@</c> where it is a keyword.</summary>
    public static string Identifier(string name) => SyntaxFacts.GetKeywordKind(name) == SyntaxKind.None ? name : "@" + name;
}
