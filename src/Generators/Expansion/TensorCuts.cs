using Microsoft.CodeAnalysis.CSharp;
using Moesaic.Generators.Evaluation;

namespace Moesaic.Generators.Expansion;

/// <summary>What tensor ranks share of the runtime's modules: what their <c>Parallelize</c> asks to be divided, and nothing that stays whole.</summary>
internal static class TensorCuts
{
    /// <summary>Of a module that is an instance of the frame's class, or of one derived from it.</summary>
    /// <param name="isIndependent">Whether a derived attention says that its heads are independent; else it stays whole.</param>
    public static IEnumerable<CutNode> Of(Frame frame, Func<bool> isIndependent, Evaluator evaluator) => frame.Class.Symbol is not null ? [] : frame.Class.Name switch
    {
        "GroupedQueryAttention" when isIndependent() =>
            [.. Of("query heads", "config.NumAttentionHeads", frame.Scope, evaluator), .. Of("key heads", "config.NumKeyValueHeads", frame.Scope, evaluator, mayRepeat: true)],
        "MultiHeadLatentAttention" => Of("heads", "config.NumAttentionHeads", frame.Scope, evaluator),
        "GatedMlp" or "PackedGatedMlp" => OfWidth("intermediateSize", frame.Scope, evaluator),
        _ => [],
    };

    /// <summary>Of experts or of an MLP, whose width an expression gives.</summary>
    public static IEnumerable<CutNode> OfWidth(string expression, Scope scope, Evaluator evaluator) => Of("intermediate size", expression, scope, evaluator);

    private static IEnumerable<CutNode> Of(string what, string expression, Scope scope, Evaluator evaluator, bool mayRepeat = false) =>
        evaluator.Evaluate(SyntaxFactory.ParseExpression(expression), scope) is NumberValue { IsWhole: true, Number: >= 1 } total
            ? [new CutNode(what, (long)total.Number, mayRepeat)]
            : [];
}
