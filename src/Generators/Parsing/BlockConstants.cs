using Microsoft.CodeAnalysis;
using Moesaic.Generators.Evaluation;
using Moesaic.Generators.Expansion;
using Moesaic.Generators.Helpers;
using Moesaic.Generators.Json;
using Moesaic.Generators.Known;
using Moesaic.Generators.Specs;

namespace Moesaic.Generators.Parsing;

/// <summary>The arithmetic of a block with what its config record fixes or starts from, before any config.json.</summary>
internal static class BlockConstants
{
    public static void Check(INamedTypeSymbol type, MoeBlockSpec spec, ParseContext context)
    {
        if (MoeBlockParser.ConfigParameter(type, context.Cancellation) is not { Type: INamedTypeSymbol record } config)
        {
            return;
        }

        var evaluator = new Evaluator(new(context.Compilation), context.Cancellation);
        var scope = new Scope(null, types: new TypeContext(evaluator.Types, type, TypeContext.NoArguments));
        scope.Set(config.Name, new ConfigValue(record, JsonValue.Null));
        var location = type.Attribute(KnownTypes.MoeBlockAttribute)?.Location(context.Cancellation);
        foreach (var finding in BlockArithmetic.Check(spec, evaluator, scope, location))
        {
            context.Report(finding);
        }
    }
}
