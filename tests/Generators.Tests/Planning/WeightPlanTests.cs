using Moesaic.Generators.Planning;
using Moesaic.Generators.Specs;

namespace Moesaic.Generators.Tests.Planning;

/// <summary>One test for each way in which public checkpoints store their experts.</summary>
public sealed class WeightPlanTests
{
    [Fact]
    public void NothingSaid_IsGateUpDownPerExpert() => Check(
        new(),
        new("experts.{e}.gate_proj.weight", "experts.w13") { Slice = PlannedSlice.FirstHalf },
        new("experts.{e}.up_proj.weight", "experts.w13") { Slice = PlannedSlice.SecondHalf },
        new("experts.{e}.down_proj.weight", "experts.w2"));

    [Fact]
    public void OtherNames_AreTaken() => Check(
        new() { Gate = "linear", Up = "linear_v", Down = "linear_1" },
        new("experts.{e}.linear.weight", "experts.w13") { Slice = PlannedSlice.FirstHalf },
        new("experts.{e}.linear_v.weight", "experts.w13") { Slice = PlannedSlice.SecondHalf },
        new("experts.{e}.linear_1.weight", "experts.w2"));

    [Fact]
    public void PerExpertBiases_StandBesideTheirWeights() => Check(
        new() { Bias = true },
        new("experts.{e}.gate_proj.weight", "experts.w13") { Slice = PlannedSlice.FirstHalf },
        new("experts.{e}.gate_proj.bias", "experts.w13_bias") { Slice = PlannedSlice.FirstHalf },
        new("experts.{e}.up_proj.weight", "experts.w13") { Slice = PlannedSlice.SecondHalf },
        new("experts.{e}.up_proj.bias", "experts.w13_bias") { Slice = PlannedSlice.SecondHalf },
        new("experts.{e}.down_proj.weight", "experts.w2"),
        new("experts.{e}.down_proj.bias", "experts.w2_bias"));

    [Fact]
    public void NoGate_LeavesOneProjectionForTheWhole() => Check(
        new() { Gate = "" },
        new("experts.{e}.up_proj.weight", "experts.w13"),
        new("experts.{e}.down_proj.weight", "experts.w2"));

    [Fact]
    public void GptOss_IsStackedInterleavedTransposedAndBiased() => Check(
        new()
        {
            GateUp = "gate_up_proj",
            Layout = LayoutKind.Stacked,
            Interleaved = true,
            Transposed = true,
            Bias = true,
            Suffix = "",
        },
        new("experts.gate_up_proj", "experts.w13") { Interleaved = true, Transposed = true },
        new("experts.gate_up_proj_bias", "experts.w13_bias") { Interleaved = true },
        new("experts.down_proj", "experts.w2") { Transposed = true },
        new("experts.down_proj_bias", "experts.w2_bias"));

    [Fact]
    public void Granite_IsStackedBelowTheBlockItself() => Check(
        new() { GateUp = "input_linear", Down = "output_linear", Experts = "", Layout = LayoutKind.Stacked },
        new("input_linear.weight", "experts.w13"),
        new("output_linear.weight", "experts.w2"));

    [Fact]
    public void Dbrx_IsFlat_AndItsDownLiesByInput() => Check(
        new() { Gate = "w1", Up = "v1", Down = "w2", Experts = "experts.mlp", Layout = LayoutKind.Flat, Suffix = "" },
        new("experts.mlp.w1", "experts.w13") { Slice = PlannedSlice.FirstHalf, Flat = true },
        new("experts.mlp.v1", "experts.w13") { Slice = PlannedSlice.SecondHalf, Flat = true },
        new("experts.mlp.w2", "experts.w2") { Flat = true, Transposed = true });

    [Fact]
    public void PerExpertGateUp_FillsTheWhole() => Check(
        new() { GateUp = "gate_up_proj" },
        new("experts.{e}.gate_up_proj.weight", "experts.w13"),
        new("experts.{e}.down_proj.weight", "experts.w2"));

    private static void Check(ExpertWeightsSpec spec, params IEnumerable<PlannedRule> expected) => Assert.Equal(expected, WeightPlan.From(spec));
}
