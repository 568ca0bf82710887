using Moesaic.Checkpoints;
using static TorchSharp.torch;

namespace Moesaic.Tests.Checkpoints;

public sealed class WeightPlanTests : IDisposable
{
    private readonly CheckpointCase _case = new();

    public void Dispose() => _case.Dispose();

    [Fact]
    public void Assignments_SayWhereEachTensorGoes()
    {
        _case.Write(("m.moe.0.g", zeros(2, 3)), ("m.moe.0.u", zeros(2, 3)), ("m.down", zeros(1, 2, 3)), ("m.norm.scale", zeros(3)), ("m.extra.1", zeros(1)));
        using var experts = new TestModule().With("w13", [1, 4, 3]).With("w2", [1, 3, 2]);
        using var model = new TestModule().With("block", new TestModule(
            new("moe.{e}.g", "experts.w13") { Slice = WeightSlice.FirstHalf },
            new("moe.{e}.u", "experts.w13") { Slice = WeightSlice.SecondHalf },
            new("down", "experts.w2") { Transposed = true }).With("experts", experts).With("norm", [3], "norm.scale"), "m");

        var plan = _case.Plan(model, "*.extra.*");

        Assert.Equal(
            [
                "m.moe.0.g F32 -> block.experts.w13 [0], first half",
                "m.moe.0.u F32 -> block.experts.w13 [0], second half",
                "m.down F32 -> block.experts.w2 transposed",
                "m.norm.scale F32 -> block.norm ",
            ],
            plan.Assignments.Select(a => $"{a.Tensor} {a.Dtype} -> {a.Parameter} {a.Region}"));
        Assert.Equal([2L, 3], plan.Assignments[0].Shape);
        Assert.Equal(["m.extra.1"], plan.Ignored);
    }

    [Fact]
    public void MissingTensor_NamesTheParameterItWouldFill()
    {
        using var model = new TestModule(new WeightRule("moe.{e}.w", "w13") { Slice = WeightSlice.FirstHalf }, new("up", "w13") { Slice = WeightSlice.SecondHalf })
            .With("w13", [3, 4, 3]);

        _case.Write(("other", zeros(1)), ("moe.0.w", zeros(2, 3)), ("up", zeros(3, 2, 3)));
        Refused(
            "moe.1.w: expected a tensor [2, 3] for w13 ([1], first half), found none (and 1 more such: moe.2.w); "
            + "check that config.json belongs to this checkpoint; 1 tensors nobody claims: other",
            model);
    }

    [Fact]
    public void NumberOfExpertsThatNoCheckpointHas_IsRefusedAtOnce()
    {
        _case.Write(("a", zeros(1)));
        using var model = new TestModule(new WeightRule("{e}.w", "w")).With("w", [int.MaxValue, 1]);
        Refused("{e}.w: expected one for each of 2147483647 experts, found a checkpoint of 1 tensors in all; ", model);
    }

    [Fact]
    public void TensorsNobodyClaims_AreListed()
    {
        _case.Write([.. Enumerable.Range(0, 9).Select(i => ($"extra.{i}", zeros(1)))]);
        using var model = new TestModule();
        Refused(
            "extra.0: expected a parameter that it fills, found none (and 8 more such: extra.1, extra.2, extra.3, extra.4, extra.5, …); check", model);
    }

    [Fact]
    public void IgnoredPattern_DoesNotHideWhatAParameterClaims()
    {
        _case.Write(("a.weight", zeros(1)), ("a.other", zeros(1)));
        using var model = new TestModule().With("a", new TestModule().With("weight", [1]));

        var plan = _case.Plan(model, "a.*");

        Assert.Equal(["a.weight"], plan.Assignments.Select(a => a.Tensor));
        Assert.Equal(["a.other"], plan.Ignored);
    }

    [Fact]
    public void WrongShape_IsRefusedWithAHint()
    {
        RefusedShape([3, 2], [2, 3], null, "t: expected [2, 3] for w, found [3, 2]; is it transposed?");
        RefusedShape([2, 3], [2, 3], new("t", "w") { Transposed = true }, "t: expected [3, 2] for w (transposed), found [2, 3]; is it not transposed?");
        RefusedShape([4, 3, 2], [2, 3, 4], null, "t: expected [2, 3, 4] for w, found [4, 3, 2]; are its dimensions in reverse?");
        RefusedShape([1, 4, 3], [1, 4, 3], new("t{e}", "w"), "t0: expected [4, 3] for w ([0]), found [1, 4, 3]; does it hold all experts, stacked?", "t0");
        RefusedShape([8, 4, 3], [8, 4, 3], new("t", "w") { Flat = true }, "t: expected [32, 3] for w (flat), found [8, 4, 3]; do its experts have a dimension of their own?");
        RefusedShape([32, 3], [8, 4, 3], null, "t: expected [8, 4, 3] for w, found [32, 3]; are its experts flat, below each other?");
        RefusedShape([7], [8, 4, 3], null, "t: expected [8, 4, 3] for w, found [7]; check that config.json belongs to this checkpoint");
        RefusedShape([], [1], null, "t: expected [1] for w, found []; check");
    }

    [Fact]
    public void WholeTensorForAHalf_IsRefusedWithAHint()
    {
        _case.Write(("gate", zeros(8, 4, 3)), ("up", zeros(8, 2, 3)));
        using var model = new TestModule(new("gate", "w") { Slice = WeightSlice.FirstHalf }, new("up", "w") { Slice = WeightSlice.SecondHalf })
            .With("w", [8, 4, 3]);
        Refused("gate: expected [8, 2, 3] for w (first half), found [8, 4, 3]; does it hold gate and up together?", model);
    }

    [Fact]
    public void IntegersForAFloat_AreRefused()
    {
        _case.Write(("w", zeros(2, dtype: int64)), ("v", zeros(2, dtype: (ScalarType)24)));
        using var model = new TestModule().With("w", [2]).With("v", [2]);
        Refused("w: expected F64, F32, F16 or BF16 for w, found I64 (and 1 more such: v); convert the checkpoint", model);
    }

    [Fact]
    public void FloatsForAnInteger_AreRefused()
    {
        _case.Write(("w", zeros(2)));
        using var model = new TestModule().With("w", [2], dtype: int64);
        Refused("w: expected a dtype that converts to Int64 for w, found F32; convert the checkpoint", model);
    }

    [Fact]
    public void PartThatTwoTensorsFill_IsRefused()
    {
        _case.Write(("a", zeros(2, 1)), ("b", zeros(1, 1)));
        using var overlapping = new TestModule(new("a", "w"), new("b", "w") { Slice = WeightSlice.SecondHalf }).With("w", [2, 1]);
        Refused("w (second half): expected one tensor that fills it, found two, a and b; correct the weight rules of the model", overlapping);

        using var perExpert = new TestModule(new("a", "w"), new("{e}", "w")).With("w", [2, 1]);
        Refused("w ([0]): expected one tensor that fills it, found two, a and 0 (and 1 more such: w ([1])); ", perExpert);

        using var shared = new TestModule().With("x", [2, 1], "a").With("y", [2, 1], "a");
        Refused("a: expected one place to fill, found two, x and y; ", shared);
    }

    [Fact]
    public void PartThatNoRuleFills_IsRefused()
    {
        _case.Write(("a", zeros(1, 1)), ("w", zeros(2, 1)));
        using var model = new TestModule(new WeightRule("a", "w") { Slice = WeightSlice.FirstHalf }).With("w", [2, 1]);
        Refused("w: expected rules that fill all of it, found none for the second half of its rows; correct the weight rules of the model", model);
    }

    [Fact]
    public void RuleThatContradictsItself_IsRefused()
    {
        _case.Write(("t", zeros(1)));
        RefusedRule(new("t", "v"), [2], "t: expected a registered parameter v for its rule, found none; ");
        RefusedRule(new("t", "w") { Slice = WeightSlice.FirstHalf }, [3], "t: expected an even number of rows to halve, found WeightRule");
        RefusedRule(new("t{e}", "w") { Slice = WeightSlice.FirstHalf }, [2], "expected an even number of rows to halve");
        RefusedRule(new("t", "w") { Interleaved = true }, [3, 1], "expected an even number of rows to halve");
        RefusedRule(new("t", "w") { Interleaved = true }, [], "expected an even number of rows to halve");
        RefusedRule(new("t{e}", "w"), [], "expected a dimension for the experts");
        RefusedRule(new("t", "w") { Interleaved = true, Slice = WeightSlice.FirstHalf }, [2, 2], "expected either interleaved rows or half of them");
        RefusedRule(new("t", "w") { Transposed = true }, [2], "expected two dimensions to transpose");
        RefusedRule(new("t{e}", "w") { Transposed = true }, [2, 2], "expected two dimensions to transpose");
        RefusedRule(new("t", "w") { Flat = true }, [2], "expected all experts in a flat tensor");
        RefusedRule(new("t{e}", "w") { Flat = true }, [2, 2, 2], "expected all experts in a flat tensor");
    }

    [Theory]
    [InlineData("a", "a", true)]
    [InlineData("a", "ab", false)]
    [InlineData("*", "", true)]
    [InlineData("a*", "ab", true)]
    [InlineData("a*", "ba", false)]
    [InlineData("*a", "ba", true)]
    [InlineData("a*a", "a", false)]
    [InlineData("a*a", "aa", true)]
    [InlineData("*.rotary.*", "x.rotary.inv", true)]
    [InlineData("*.rotary.*", "x.rotary", false)]
    [InlineData("a*b*c", "abbc", true)]
    [InlineData("a*bc*c", "abc", false)]
    [InlineData("a?", "ab", false)]
    public void StarInAPattern_StandsForAnyText(string pattern, string name, bool matches) =>
        Assert.Equal(matches, new NamePattern(pattern).Matches(name));

    private void RefusedShape(long[] found, long[] parameter, WeightRule? rule, string message, string name = "t")
    {
        _case.Write((name, zeros(found)));
        using var model = rule is null ? new TestModule().With("w", parameter, "t") : new TestModule(rule).With("w", parameter);
        Refused(message, model);
    }

    private void RefusedRule(WeightRule rule, long[] parameter, string message)
    {
        using var model = new TestModule(rule).With("w", parameter);
        Refused(message, model);
    }

    private void Refused(string message, ExplicitModule model) => Assert.Contains(message, _case.Refusal(model, "ignored"), StringComparison.Ordinal);
}
