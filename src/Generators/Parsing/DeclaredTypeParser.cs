using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Moesaic.Generators.Diagnostics;
using Moesaic.Generators.Helpers;
using Moesaic.Generators.Specs;

namespace Moesaic.Generators.Parsing;

/// <summary>How an annotated type is declared again in another file.</summary>
internal static class DeclaredTypeParser
{
    private static readonly SymbolDisplayFormat NameFormat = new(
        genericsOptions: SymbolDisplayGenericsOptions.IncludeTypeParameters | SymbolDisplayGenericsOptions.IncludeVariance,
        miscellaneousOptions: SymbolDisplayMiscellaneousOptions.EscapeKeywordIdentifiers);

    private static readonly SymbolDisplayFormat FullNameFormat = new(
        typeQualificationStyle: SymbolDisplayTypeQualificationStyle.NameAndContainingTypesAndNamespaces,
        genericsOptions: SymbolDisplayGenericsOptions.IncludeTypeParameters,
        miscellaneousOptions: SymbolDisplayMiscellaneousOptions.EscapeKeywordIdentifiers);

    /// <param name="type">The annotated type.</param>
    /// <param name="attribute">The attribute's name as it is written, for the message.</param>
    /// <param name="context">Learns that the type, or one around it, is not partial.</param>
    public static DeclaredType Parse(INamedTypeSymbol type, string attribute, ParseContext context)
    {
        var around = new Stack<INamedTypeSymbol>();
        for (var t = type; t is not null; t = t.ContainingType)
        {
            around.Push(t);
        }

        if (type.IsFileLocal || around.Any(t => !IsPartial(t, context.Cancellation)))
        {
            context.Report(DiagnosticDescriptors.NotPartial, type, type.Name, attribute);
        }

        return new(
            type.ContainingNamespace.IsGlobalNamespace ? "" : type.ContainingNamespace.ToDisplayString(FullNameFormat),
            around.Select(static t => $"partial {Keyword(t)} {t.ToDisplayString(NameFormat)}").ToEquatableArray(),
            type.ToDisplayString(NameFormat),
            FullName(type),
            type.QualifiedName(),
            MetadataName(type));
    }

    /// <summary>With namespace and the types around it, as a person reads it.</summary>
    public static string FullName(INamedTypeSymbol type) => type.ToDisplayString(FullNameFormat);

    private static bool IsPartial(INamedTypeSymbol type, CancellationToken cancellation) => type.DeclaringSyntaxReferences.Any(
        reference => reference.GetSyntax(cancellation) is TypeDeclarationSyntax syntax && syntax.Modifiers.Any(SyntaxKind.PartialKeyword));

    private static string Keyword(INamedTypeSymbol type) => type switch
    {
        { TypeKind: TypeKind.Interface } => "interface",
        { TypeKind: TypeKind.Struct, IsRecord: true } => "record struct",
        { TypeKind: TypeKind.Struct } => "struct",
        { IsRecord: true } => "record",
        _ => "class",
    };

    // The names as they are, without the @ of a keyword, which a file name may not have.
    private static string MetadataName(INamespaceOrTypeSymbol symbol) => symbol switch
    {
        { ContainingType: { } container } => $"{MetadataName(container)}+{symbol.MetadataName}",
        { ContainingNamespace: { IsGlobalNamespace: false } around } => $"{MetadataName(around)}.{symbol.MetadataName}",
        _ => symbol.MetadataName,
    };
}
