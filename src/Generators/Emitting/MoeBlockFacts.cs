using Moesaic.Generators.Planning;
using Moesaic.Generators.Specs;

namespace Moesaic.Generators.Emitting;

/// <summary>What was understood of a block, for the header: who hunts a wrong load reads only this.</summary>
internal static class MoeBlockFacts
{
    public static IReadOnlyList<string> Of(MoeBlockPlan plan)
    {
        var spec = plan.Spec;
        var tensors = Tensors(plan).ToArray();
        var width = tensors.Max(static line => line.Tensor.Length);
        return
        [
            $"router      {Router(spec)}",
            $"experts     {Construction(spec.Activation)}{(spec.ExpertWeights.Gate == "" ? ", no gate" : "")}{(spec.ExpertWeights.Bias ? ", biased" : "")}",
            $"shared      {Shared(spec.SharedExperts)}",
            $"forward     {(spec.WritesForward ? "the author's" : "generated")}",
            .. tensors.Select((line, i) => $"{(i == 0 ? "checkpoint" : "          ")}  {line.Tensor.PadRight(width)} -> {line.Target}"),
        ];
    }

    private static string Router(MoeBlockSpec spec) => string.Join(", ",
        Construction(spec.Router),
        spec.RouterWeights.Float32 ? "in float32" : "in the model's dtype",
        spec.RouterWeights.SelectionBias is null ? "no selection bias" : "selection bias")
        + (spec.RouterWeights.OnInput ? ", weights on the input" : "");

    private static string Construction(MechanismSpec mechanism) =>
        mechanism.Name + (mechanism.Arguments.Count == 0 ? "" : $"({string.Join(", ", mechanism.Arguments.Select(static a => a.Value))})");

    private static string Shared(SharedExpertsSpec? shared) => shared switch
    {
        null => "none",
        { Gated: true } => "one SwiGLU MLP, times the sigmoid of its gate",
        _ => "one SwiGLU MLP",
    };

    private static IEnumerable<(string Tensor, string Target)> Tensors(MoeBlockPlan plan)
    {
        foreach (var registration in plan.Registrations)
        {
            if (registration.Name == "experts")
            {
                foreach (var rule in plan.Rules)
                {
                    yield return (rule.Tensor, Target(rule));
                }
            }
            else
            {
                var below = registration.IsParameter ? "" : ".*";
                yield return (registration.CheckpointName + below, registration.Name + below);
            }
        }
    }

    private static string Target(PlannedRule rule) =>
        rule.Parameter
        + (rule.Tensor.Contains("{e}") ? "[e]" : "")
        + (rule.Slice switch { PlannedSlice.FirstHalf => ", first half", PlannedSlice.SecondHalf => ", second half", _ => "" })
        + (rule.Flat ? ", flat" : "")
        + (rule.Transposed ? ", transposed" : "")
        + (rule.Interleaved ? ", interleaved" : "");
}
