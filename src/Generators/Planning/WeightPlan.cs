using Moesaic.Generators.Helpers;
using Moesaic.Generators.Specs;

namespace Moesaic.Generators.Planning;

/// <summary>Which checkpoint tensor fills which rows of the fused experts, and how.</summary>
internal static class WeightPlan
{
    public static EquatableArray<PlannedRule> From(ExpertWeightsSpec spec) => Rules(spec).ToEquatableArray();

    private static IEnumerable<PlannedRule> Rules(ExpertWeightsSpec spec)
    {
        foreach (var (projection, slice) in Inputs(spec))
        {
            yield return Weight(spec, projection, "experts.w13") with
            {
                Slice = slice,
                Interleaved = spec.Interleaved,
                Transposed = spec.Transposed,
            };
            if (spec.Bias)
            {
                yield return Bias(spec, projection, "experts.w13_bias") with { Slice = slice, Interleaved = spec.Interleaved };
            }
        }

        // In a flat tensor every row belongs to one unit of an expert, so that down lies there by its input: [E * F, D].
        yield return Weight(spec, spec.Down, "experts.w2") with { Transposed = spec.Transposed || spec.Layout == ExpertLayout.Flat };
        if (spec.Bias)
        {
            yield return Bias(spec, spec.Down, "experts.w2_bias");
        }
    }

    private static (string Projection, WeightSlice Slice)[] Inputs(ExpertWeightsSpec spec) => spec switch
    {
        { GateUp: { } together } => [(together, WeightSlice.Whole)],
        { Gate: "" } => [(spec.Up, WeightSlice.Whole)],
        _ => [(spec.Gate, WeightSlice.FirstHalf), (spec.Up, WeightSlice.SecondHalf)],
    };

    private static PlannedRule Weight(ExpertWeightsSpec spec, string projection, string parameter) =>
        new(Prefix(spec) + projection + spec.Suffix, parameter) { Flat = spec.Layout == ExpertLayout.Flat };

    private static PlannedRule Bias(ExpertWeightsSpec spec, string projection, string parameter) =>
        new(Prefix(spec) + projection + (spec.Suffix == "" ? "_bias" : ".bias"), parameter);

    private static string Prefix(ExpertWeightsSpec spec) =>
        (spec.Experts == "" ? "" : spec.Experts + ".") + (spec.Layout == ExpertLayout.PerExpert ? "{e}." : "");
}
