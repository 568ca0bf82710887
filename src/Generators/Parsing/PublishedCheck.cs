using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Moesaic.Generators.Diagnostics;
using Moesaic.Generators.Evaluation;
using Moesaic.Generators.Expansion;
using Moesaic.Generators.Helpers;
using Moesaic.Generators.Json;
using Moesaic.Generators.Known;
using Moesaic.Generators.Specs;

namespace Moesaic.Generators.Parsing;

/// <summary>A declaration that answers to the model type of a published model is of that model.</summary>
internal static class PublishedCheck
{
    public static void Check(INamedTypeSymbol model, string modelType, ParseContext context)
    {
        if (PublishedFacts.Of(modelType) is not { } facts)
        {
            return;
        }

        var types = new TypeNames(context.Compilation);
        foreach (var block in Blocks(model, types))
        {
            if (MoeBlockParser.Parse(block, new(context.Compilation, context.Cancellation)) is { } spec)
            {
                CheckLayout(block, spec.ExpertWeights, facts, model, context);
                CheckWeights(block, spec, facts, model, types, context);
            }
        }
    }

    private static void CheckLayout(INamedTypeSymbol block, ExpertWeightsSpec weights, PublishedFacts facts, INamedTypeSymbol model, ParseContext context)
    {
        var location = (block.Attribute(KnownTypes.ExpertWeightsAttribute) ?? block.Attribute(KnownTypes.MoeBlockAttribute))?.Location(context.Cancellation);
        if (weights.GateUp is not null && weights.Interleaved != facts.Interleaved)
        {
            Report($"has gate and up {(facts.Interleaved ? "interleaved" : "concatenated")}", $"Interleaved = {(facts.Interleaved ? "true" : "false")}");
        }

        if (weights.Transposed != facts.Transposed)
        {
            Report($"has experts {(facts.Transposed ? "input by output" : "output by input")}", $"Transposed = {(facts.Transposed ? "true" : "false")}");
        }

        void Report(string published, string fact) => context.Report(
            DiagnosticDescriptors.ContradictsPublished, location, model.Name, facts.ModelType, published, $"declare `[ExpertWeights({fact})]` on `{block.Name}`");
    }

    /// <summary>With what the config record says where config.json has no such key, which is what published ones have.</summary>
    private static void CheckWeights(INamedTypeSymbol block, MoeBlockSpec spec, PublishedFacts facts, INamedTypeSymbol model, TypeNames types, ParseContext context)
    {
        if (facts.Renormalizes is not { } renormalizes
            || spec.Router.Arguments.FirstOrDefault(static argument => argument.Parameter == "normTopkProb") is not { } argument
            || MoeBlockParser.ConfigParameter(block, context.Cancellation) is not { Type: INamedTypeSymbol record } config)
        {
            return;
        }

        var scope = new Scope(null, types: new TypeContext(types, block, TypeContext.NoArguments));
        scope.Set(config.Name, new ConfigValue(record, new() { Kind = JsonKind.Object }));
        if (new Evaluator(types, context.Cancellation).Evaluate(SyntaxFactory.ParseExpression(argument.Value), scope) is BooleanValue { Boolean: var declared } && declared != renormalizes)
        {
            context.Report(
                DiagnosticDescriptors.ContradictsPublished, block.Attribute(KnownTypes.MoeBlockAttribute)?.Location(context.Cancellation), model.Name, facts.ModelType,
                renormalizes ? "divides a token's weights by their sum, whatever config.json says" : "leaves a token's weights as they are, whatever config.json says",
                $"let `{argument.Value}` be {(renormalizes ? "true" : "false")}");
        }
    }

    /// <summary>The blocks that a model's layers have as properties or create by name.</summary>
    private static IEnumerable<INamedTypeSymbol> Blocks(INamedTypeSymbol model, TypeNames types)
    {
        var seen = new HashSet<ISymbol>(SymbolEqualityComparer.Default) { model };
        var open = new Queue<INamedTypeSymbol>([model]);
        while (open.Count > 0)
        {
            var module = open.Dequeue();
            if (module.Attribute(KnownTypes.MoeBlockAttribute) is not null)
            {
                yield return module;
                continue;
            }

            foreach (var part in Parts(module, types).Where(part => !part.DeclaringSyntaxReferences.IsEmpty && part.DerivesFrom(KnownTypes.ExplicitModule) && seen.Add(part)))
            {
                open.Enqueue(part);
            }
        }
    }

    private static IEnumerable<INamedTypeSymbol> Parts(INamedTypeSymbol module, TypeNames types) =>
    [
        .. module.SelfAndBases().Skip(1).SelectMany(WithArguments),
        .. module.AuthorMembers().OfType<IPropertySymbol>().SelectMany(static property => WithArguments(property.Type)),
        .. types.Of(module).Parts.SelectMany(static part => part.DescendantNodes()).OfType<ObjectCreationExpressionSyntax>()
            .Select(creation => creation.Type is SimpleNameSyntax { Arity: var arity, Identifier.Text: var name } ? types.Find(name, arity, module)?.Symbol : null)
            .OfType<INamedTypeSymbol>(),
    ];

    private static IEnumerable<INamedTypeSymbol> WithArguments(ITypeSymbol type) => type is INamedTypeSymbol named
        ? named.TypeArguments.SelectMany(WithArguments).Prepend(named)
        : [];
}
