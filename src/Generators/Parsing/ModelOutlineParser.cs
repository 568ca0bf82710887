using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Moesaic.Generators.Helpers;
using Moesaic.Generators.Known;
using Moesaic.Generators.Specs;

namespace Moesaic.Generators.Parsing;

/// <summary>Which mixers and blocks a model is made of: the modules that its layers have as properties or create, and theirs.</summary>
internal static class ModelOutlineParser
{
    public static ModelOutlineSpec Parse(INamedTypeSymbol model, ParseContext context)
    {
        var mixers = new List<string>();
        var blocks = new List<BlockOutlineSpec>();
        foreach (var module in Modules(model, context))
        {
            if (Block(module, context) is { } block)
            {
                blocks.Add(block);
            }
            else if (IsMixer(module))
            {
                mixers.Add(LibraryName(module));
            }
        }

        return new(mixers.Distinct(StringComparer.Ordinal).ToEquatableArray(), blocks.ToEquatableArray());
    }

    /// <summary>The model, then what it is made of, from the outside in; blocks, mixers and the library's modules are not opened.</summary>
    private static IEnumerable<INamedTypeSymbol> Modules(INamedTypeSymbol model, ParseContext context)
    {
        var seen = new HashSet<ISymbol>(SymbolEqualityComparer.Default) { model };
        var open = new Queue<INamedTypeSymbol>([model]);
        while (open.Count > 0)
        {
            var module = open.Dequeue();
            yield return module;
            foreach (var part in IsLeaf(module) ? [] : Parts(module, context).SelectMany(WithArguments).Where(IsModule))
            {
                if (seen.Add(part))
                {
                    open.Enqueue(part);
                }
            }
        }
    }

    private static IEnumerable<ITypeSymbol?> Parts(INamedTypeSymbol module, ParseContext context) =>
    [
        module.BaseType,
        .. module.AuthorMembers().OfType<IPropertySymbol>().Select(static property => property.Type),
        .. module.DeclaringSyntaxReferences.SelectMany(reference => Created(reference, context)),
    ];

    /// <summary>What the author's part creates by name, since a property may promise less: <c>ExplicitModule Mlp = dense ? new A() : new B()</c>.</summary>
    private static IEnumerable<ITypeSymbol?> Created(SyntaxReference reference, ParseContext context)
    {
        if (reference.SyntaxTree.FilePath.EndsWith(".g.cs", StringComparison.Ordinal))
        {
            return [];
        }

        var semantics = context.Compilation.GetSemanticModel(reference.SyntaxTree);
        return reference.GetSyntax(context.Cancellation).DescendantNodes().OfType<ObjectCreationExpressionSyntax>()
            .Select(creation => semantics.GetTypeInfo(creation, context.Cancellation).Type);
    }

    private static IEnumerable<INamedTypeSymbol> WithArguments(ITypeSymbol? type) => type is not INamedTypeSymbol named
        ? []
        : named.TypeArguments.SelectMany(WithArguments).Prepend(named);

    private static bool IsModule(INamedTypeSymbol type) => type.DerivesFrom(KnownTypes.ExplicitModule);

    private static bool IsLeaf(INamedTypeSymbol module) =>
        module.Attribute(KnownTypes.MoeBlockAttribute) is not null || IsMixer(module) || (IsOfLibrary(module) && module.TypeArguments.Length == 0);

    private static bool IsMixer(INamedTypeSymbol module) =>
        module.DerivesFrom(KnownTypes.SequenceModule) && !module.DerivesFrom(KnownTypes.DecoderLayer)
        && !module.Is(KnownTypes.SequenceModule) && !module.IsGenericType;

    private static string LibraryName(INamedTypeSymbol mixer) =>
        mixer.SelfAndBases().FirstOrDefault(IsOfLibrary) is { } known && !known.Is(KnownTypes.SequenceModule) ? known.Name : mixer.Name;

    private static bool IsOfLibrary(ITypeSymbol type) => type.ContainingNamespace?.ToDisplayString() == KnownTypes.RuntimeNamespace;

    private static BlockOutlineSpec? Block(INamedTypeSymbol module, ParseContext context) =>
        module.Attribute(KnownTypes.MoeBlockAttribute)?.AttributeClass?.TypeArguments is not [var router, INamedTypeSymbol activation]
            ? null
            : new(module.Name, router.Name, activation.Name, ExpertWeightsParser.Parse(module, activation, context), MoeBlockParser.SharedExperts(module));
}
