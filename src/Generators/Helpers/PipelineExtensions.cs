using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Moesaic.Generators.Known;
using Moesaic.Generators.Parsing;

namespace Moesaic.Generators.Helpers;

/// <summary>The steps that every generator takes: annotated types, to specs, to plans.</summary>
internal static class PipelineExtensions
{
    /// <summary>The specs of the types with an attribute; a wrong declaration gives none, and the analyzer says why.</summary>
    public static IncrementalValuesProvider<TSpec> Declarations<TSpec>(
        this SyntaxValueProvider provider, string attributeMetadataName, Func<INamedTypeSymbol, ParseContext, TSpec?> parse)
        where TSpec : class => provider
        .ForAttributeWithMetadataName(
            attributeMetadataName,
            static (node, _) => node is TypeDeclarationSyntax,
            (context, cancellation) => IsOnce(context)
                ? parse((INamedTypeSymbol)context.TargetSymbol, new ParseContext(context.SemanticModel.Compilation, cancellation))
                : null)
        .Where(static spec => spec is not null)
        .Select(static (spec, _) => spec!)
        .WithTrackingName(TrackingNames.Parse);

    // An attribute repeated on two parts is an error of C#; both would ask for the same file.
    private static bool IsOnce(GeneratorAttributeSyntaxContext context) =>
        context.TargetSymbol.GetAttributes().Count(a =>
            SymbolEqualityComparer.Default.Equals(a.AttributeClass?.OriginalDefinition, context.Attributes[0].AttributeClass?.OriginalDefinition)) == 1;
}
