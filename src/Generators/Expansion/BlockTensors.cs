using Microsoft.CodeAnalysis.CSharp;
using Moesaic.Generators.Evaluation;
using Moesaic.Generators.Planning;
using Moesaic.Generators.Specs;

namespace Moesaic.Generators.Expansion;

/// <summary>The tensors of a block: its router, its experts by their weight rules, its shared experts.</summary>
internal sealed class BlockTensors(Evaluator evaluator, Scope scope)
{
    private const int MostExperts = 100_000;

    public TensorNode Of(MoeBlockSpec spec)
    {
        var hidden = Size(spec.Sizes.HiddenSize);
        var experts = Size(spec.Sizes.NumExperts);
        var parts = new List<TensorNode>
        {
            Attribute("RouterWeights", new BelowNode(spec.RouterWeights.Name, Linear(hidden, experts, spec.RouterWeights.Bias, isNarrowRouter: !spec.RouterWeights.Float32))),
        };
        if (spec.RouterWeights.SelectionBias is { } selectionBias)
        {
            var bias = new LeafNode(selectionBias, spec.RouterWeights.SelectionBiasIsRow ? [1, experts] : [experts]);
            parts.Add(Attribute("RouterWeights", spec.SelectionBiasCondition == "" ? bias : If(Logic.IsTrue(Evaluate(spec.SelectionBiasCondition)), bias)));
        }

        parts.Add(Attribute("ExpertWeights", Experts(spec, new(experts, hidden, Size(spec.Sizes.MoeIntermediateSize)))));
        parts.AddRange(TensorCuts.OfWidth(spec.Sizes.MoeIntermediateSize, scope, evaluator).Select(cut => Attribute("ExpertWeights", cut)));
        if (spec.SharedExperts is { } shared)
        {
            var isThere = !shared.Optional ? true : Size(spec.Sizes.SharedExpertsIntermediateSize) is { } width ? width > 0 : (bool?)null;
            var mlp = SyntaxFactory.ParseExpression($"new global::Moesaic.GatedMlp({spec.Sizes.HiddenSize}, {spec.Sizes.SharedExpertsIntermediateSize})");
            parts.Add(Attribute("SharedExperts", If(isThere, Nodes.Of(shared.Name, evaluator.Evaluate(mlp, scope), origin: null))));
            if (shared.Gated)
            {
                parts.Add(Attribute("SharedExperts", If(isThere, new BelowNode(shared.GateName, Linear(hidden, 1, bias: false)))));
            }
        }

        return new GroupNode(parts);

        TensorNode Attribute(string name, TensorNode node) => new BelowNode("", node, new($"[{name}] on {spec.Type.Name}", null));
    }

    /// <summary>A choice where the condition is not decided.</summary>
    private static TensorNode If(bool? condition, TensorNode node) => condition switch
    {
        true => node,
        false => TensorNode.Nothing,
        _ => new ChoiceNode([node, TensorNode.Nothing]),
    };

    private static TensorNode Linear(long? input, long? output, bool bias, bool isNarrowRouter = false) =>
        new GroupNode([new LeafNode("weight", [output, input], isNarrowRouter), .. bias ? [new LeafNode("bias", [output])] : Array.Empty<TensorNode>()]);

    private TensorNode Experts(MoeBlockSpec spec, ExpertSizes sizes)
    {
        var parts = new List<TensorNode>();
        foreach (var rule in WeightPlan.From(spec.ExpertWeights))
        {
            var shape = ExpertShapes.Of(rule, sizes, isGated: spec.ExpertWeights.Gate != "");
            if (!rule.Tensor.Contains("{e}"))
            {
                parts.Add(new LeafNode(rule.Tensor, shape));
            }
            else if (sizes.Experts is not (>= 0 and <= MostExperts and var count))
            {
                parts.Add(new BelowNode(spec.ExpertWeights.Experts, new AnythingNode()));
            }
            else
            {
                parts.AddRange(Enumerable.Range(0, (int)count).Select(e => new LeafNode(rule.Tensor.Replace("{e}", Nodes.Number(e)), shape)));
            }
        }

        return new GroupNode(parts);
    }

    private Value Evaluate(string expression) => evaluator.Evaluate(SyntaxFactory.ParseExpression(expression), scope);

    private long? Size(string expression) =>
        Evaluate(expression) is NumberValue { IsWhole: true } size ? (long)size.Number : null;
}
