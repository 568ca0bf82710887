using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Moesaic.Generators.Emitting;
using Moesaic.Generators.Known;
using Moesaic.Generators.Parsing;
using Moesaic.Generators.Specs;

namespace Moesaic.Generators.Helpers;

/// <summary>The steps that every generator takes: annotated types, to specs, to plans.</summary>
internal static class PipelineExtensions
{
    /// <summary>The specs of the types with an attribute; a wrong declaration gives none, and the analyzer says why.</summary>
    /// <param name="context">The generator's.</param>
    /// <param name="attributeMetadataName">The attribute.</param>
    /// <param name="parse">Null for a wrong declaration.</param>
    /// <param name="stub">What a wrong declaration gets; null for nothing.</param>
    /// <param name="generator">The generator's name.</param>
    public static IncrementalValuesProvider<TSpec> Declarations<TSpec>(
        this IncrementalGeneratorInitializationContext context,
        string attributeMetadataName,
        Func<INamedTypeSymbol, ParseContext, TSpec?> parse,
        Func<INamedTypeSymbol, ParseContext, StubSpec?> stub,
        string generator)
        where TSpec : class
    {
        var declared = context.SyntaxProvider
            .ForAttributeWithMetadataName(
                attributeMetadataName,
                static (node, _) => node is TypeDeclarationSyntax,
                (found, cancellation) => IsOnce(found)
                    ? Parse((INamedTypeSymbol)found.TargetSymbol, found.SemanticModel.Compilation, parse, stub, cancellation)
                    : new Declared<TSpec>(null, null))
            .WithTrackingName(TrackingNames.Parse);

        context.RegisterSourceOutput(
            declared.Where(static declared => declared.Stub is not null).Select(static (declared, _) => declared.Stub!),
            (output, stub) => output.AddSource($"{stub.Type.MetadataName}.g.cs", StubEmitter.Write(stub, generator)));
        return declared.Where(static declared => declared.Spec is not null).Select(static (declared, _) => declared.Spec!);
    }

    private static Declared<TSpec> Parse<TSpec>(
        INamedTypeSymbol type,
        Compilation compilation,
        Func<INamedTypeSymbol, ParseContext, TSpec?> parse,
        Func<INamedTypeSymbol, ParseContext, StubSpec?> stub,
        CancellationToken cancellation)
        where TSpec : class =>
        parse(type, new(compilation, cancellation)) is { } spec ? new(spec, null) : new(null, stub(type, new(compilation, cancellation)));

    // An attribute repeated on two parts is an error of C#; both would ask for the same file.
    private static bool IsOnce(GeneratorAttributeSyntaxContext context) =>
        context.TargetSymbol.GetAttributes().Count(a =>
            SymbolEqualityComparer.Default.Equals(a.AttributeClass?.OriginalDefinition, context.Attributes[0].AttributeClass?.OriginalDefinition)) == 1;
}
