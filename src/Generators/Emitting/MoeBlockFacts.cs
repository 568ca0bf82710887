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
            .. Decisions(spec),
            .. tensors.Select((line, i) => $"{(i == 0 ? "checkpoint" : "          ")}  {line.Tensor.PadRight(width)} -> {line.Target}"),
        ];
    }

    /// <summary>What was decided, without where tensors go.</summary>
    public static IReadOnlyList<string> Decisions(MoeBlockSpec spec) =>
    [
        $"router      {Construction(spec.Router)}, {Router(spec.RouterWeights)}",
        $"experts     {Construction(spec.Activation)}, {Experts(spec.ExpertWeights)}",
        $"shared      {Shared(spec.SharedExperts)}",
        $"forward     {Forward(spec)}",
    ];

    public static string Router(RouterWeightsSpec weights) => string.Join(", ",
        weights.Float32 ? "in float32" : "in the model's dtype",
        weights switch { { SelectionBias: null } => "no selection bias", { SelectionBiasIf: { } condition } => $"selection bias if {condition}", _ => "selection bias" })
        + (weights.OnInput ? ", weights on the input" : "")
        + (weights.ScaleOutput ? ", output scaled" : "");

    public static string Experts(ExpertWeightsSpec weights) => string.Concat(
        weights.Layout switch { LayoutKind.PerExpert => "per expert", LayoutKind.Stacked => "stacked", _ => "flat" },
        weights switch { { GateUp: not null } => ", gate and up together", { Gate: "" } => ", no gate", _ => "" },
        weights.Interleaved ? ", interleaved" : "",
        weights.Transposed ? ", transposed" : "",
        weights.Bias ? ", biased" : "");

    public static string Shared(SharedExpertsSpec? shared) => shared switch
    {
        null => "none",
        _ => "one SwiGLU MLP" + (shared.Gated ? ", times the sigmoid of its gate" : "") + (shared.Optional ? " or none" : ""),
    };

    public static string Forward(MoeBlockSpec spec) => spec.WritesForward ? "the author's" : "generated";

    private static string Construction(MechanismSpec mechanism) =>
        mechanism.Name + (mechanism.Arguments.Count == 0 ? "" : $"({string.Join(", ", mechanism.Arguments.Select(static a => a.Value))})");

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
