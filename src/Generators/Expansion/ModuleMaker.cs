using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Moesaic.Generators.Evaluation;
using Moesaic.Generators.Helpers;
using Moesaic.Generators.Known;

namespace Moesaic.Generators.Expansion;

/// <summary>What <c>new Module(…)</c> comes to: the tensors below it.</summary>
internal sealed class ModuleMaker(Evaluator evaluator, CancellationToken cancellation)
{
    private const int MostItems = 100_000;
    private const int Deepest = 32;

    private int _depth;

    /// <summary>A model of a config.</summary>
    public TensorNode New(INamedTypeSymbol model, Value config)
    {
        var scope = new Scope(null);
        scope.Set("config", config);
        var arguments = SyntaxFactory.ParseArgumentList("(config)");
        return New(new(evaluator.Types.Of(model), TypeContext.NoArguments), arguments, scope) is ModuleValue made ? made.Node : new AnythingNode();
    }

    /// <summary>Unknown for what is no module.</summary>
    public Value New(TypeReference? type, ArgumentListSyntax? arguments, Scope scope)
    {
        cancellation.ThrowIfCancellationRequested();
        if (type is null || _depth > Deepest)
        {
            return Value.Unknown;
        }

        if (type.Class is { Symbol: null, Name: "ModuleList" })
        {
            return List(type, arguments, scope);
        }

        if (type.Class.Symbol is { } symbol && !symbol.DerivesFrom(KnownTypes.ExplicitModule))
        {
            return Value.Unknown;
        }

        _depth++;
        var instance = new Instance(evaluator);
        instance.Construct(type, arguments, scope);
        var node = instance.Tensors();
        _depth--;
        return new ModuleValue(node);
    }

    /// <summary>Modules under their numbers: <c>new(count, index => …)</c>.</summary>
    private Value List(TypeReference type, ArgumentListSyntax? arguments, Scope scope)
    {
        if (arguments?.Arguments is not [var count, var create]
            || evaluator.Evaluate(count.Expression, scope) is not NumberValue { IsWhole: true, Number: >= 0 and <= MostItems and var items }
            || evaluator.Evaluate(create.Expression, scope) is not LambdaValue { Parameters: [var index] } lambda)
        {
            return new ModuleValue(new AnythingNode());
        }

        var item = type.Arguments.Values.FirstOrDefault();
        var parts = new List<TensorNode>();
        for (var i = 0; i < items; i++)
        {
            var inner = new Scope(lambda.Scope);
            inner.Set(index, Value.Whole(i));
            parts.Add(Nodes.Of(Nodes.Number(i), evaluator.Evaluate(lambda.Body, inner, item), origin: null));
        }

        return new ModuleValue(new GroupNode(parts));
    }
}
