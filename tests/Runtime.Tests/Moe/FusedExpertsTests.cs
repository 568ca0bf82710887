using TorchSharp;
using static TorchSharp.torch;

namespace Moesaic.Tests.Moe;

public sealed class FusedExpertsTests
{
    [Fact]
    public void Parameters_HaveTheNamesAndShapesOfTheContract()
    {
        using var gated = new FusedExperts<SwiGlu>(4, 32, 16, bias: true);
        Assert.Equal(["w13 [4, 32, 32]", "w2 [4, 32, 16]", "w13_bias [4, 32]", "w2_bias [4, 32]"], Shapes(gated));
        using var plain = new FusedExperts<SquaredRelu>(4, 32, 16);
        Assert.Equal(["w13 [4, 16, 32]", "w2 [4, 32, 16]"], Shapes(plain));
    }

    [Fact]
    public void NewExperts_HaveNoValues()
    {
        using var experts = new FusedExperts<SwiGlu>(4, 32, 16);
        Assert.All(experts.parameters(), parameter => Assert.True(parameter.is_meta));
    }

    [Fact]
    public void OnTheMetaDevice_ThereIsAShapeAndNothingToRun()
    {
        using var experts = new FusedExperts<SwiGlu>(160, 5120, 1536);
        using var x = empty(7, 5120, device: META);
        using var ids = empty(7, 6, ScalarType.Int32, META);
        using var weights = empty(7, 6, device: META);

        using var result = experts.Forward(x, ids, weights);

        Assert.True(result.is_meta);
        Assert.Equal([7, 5120], result.shape);
    }

    [Fact]
    public void WithoutRoutes_ExpertsRefuse()
    {
        using var experts = ExpertsCase.Swiglu(new(2));
        Assert.Throws<NotSupportedException>(() => experts.Experts.forward(experts.X));
    }

    [Theory]
    [InlineData(0, 32, 16)]
    [InlineData(4, -1, 16)]
    [InlineData(4, 32, 0)]
    public void ImpossibleSizes_AreRefused(int experts, int hidden, int width) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new FusedExperts<SwiGlu>(experts, hidden, width));

    [Theory]
    [InlineData(8)]
    [InlineData(-1)]
    [InlineData(int.MinValue)]
    [InlineData(int.MaxValue)]
    public void AnIdThatNamesNoExpert_IsRefusedAndNamed(int id)
    {
        using var experts = ExpertsCase.Swiglu(new(4));
        experts.Ids[3, 1] = tensor(id);
        foreach (var backend in new[] { ExpertsBackend.Eager, ExpertsBackend.Grouped })
        {
            var error = Assert.Throws<ArgumentOutOfRangeException>(() => experts.Run(backend));
            Assert.Equal($"topKIds[3, 1] is {id}: expected 0 to 7", error.Message);
        }
    }

    [Fact]
    public void Arguments_ThatDoNotFit_AreRefusedAndNamed()
    {
        using var experts = ExpertsCase.Swiglu(new(4));
        using var narrow = zeros(4, 31);
        using var half = experts.X.bfloat16();
        using var cube = zeros(1, 4, 32);
        using var ids64 = experts.Ids.to(ScalarType.Int64);
        using var flatIds = experts.Ids.flatten();
        using var noIds = zeros(4, 0, ScalarType.Int32);
        using var fewer = experts.Ids.narrow(0, 0, 3);
        using var weights64 = experts.Weights.to(ScalarType.Float64);
        using var more = zeros(4, 3);
        using var meta = experts.Ids.to(META);
        var (x, ids, weights) = (experts.X, experts.Ids, experts.Weights);

        Refused("hiddenStates: expected [4, 32], got [4, 31]", narrow, ids, weights);
        Refused("hiddenStates: expected [4, 32], got [1, 4, 32]", cube, ids, weights);
        Refused("hiddenStates: expected Float32, the weights' dtype, got BFloat16", half, ids, weights);
        Refused("topKIds: expected Int32, got Int64", x, ids64, weights);
        Refused("topKIds: expected [T, K] with K of 1 or more, got [8]", x, flatIds, weights);
        Refused("topKIds: expected [T, K] with K of 1 or more, got [4, 0]", x, noIds, weights);
        Refused("topKWeights: expected [3, 2], got [4, 2]", x, fewer, weights);
        Refused("topKWeights: expected Float32, got Float64", x, ids, weights64);
        Refused("topKWeights: expected [4, 2], got [4, 3]", x, ids, more);
        Refused("topKIds: expected on cpu, where the weights are, got on meta", x, meta, weights);

        void Refused(string message, Tensor hiddenStates, Tensor topKIds, Tensor topKWeights)
        {
            var error = Assert.ThrowsAny<ArgumentException>(() => experts.Experts.Forward(hiddenStates, topKIds, topKWeights));
            Assert.Equal(message, error.Message);
        }
    }

    [Fact]
    public void TheChoice_IsMadeAnewForOtherWeightsOrWishes()
    {
        using var experts = ExpertsCase.Swiglu(new(4, Hidden: 20, Width: 12));
        Assert.Equal("fused, which reads each weight once", experts.Experts.BackendReason);
        experts.Experts.Backend = ExpertsBackend.Eager;
        Assert.Equal("eager, as asked", experts.Experts.BackendReason);
        experts.Experts.Backend = ExpertsBackend.Grouped;
        Assert.Equal("grouped, as asked", experts.Experts.BackendReason);
        experts.Experts.to(ScalarType.BFloat16);
        Assert.Equal(
            "fused, which reads each weight once; grouped cannot: _grouped_mm takes rows of a multiple of 16 bytes, which the hidden size 20 is not in BFloat16",
            experts.Experts.BackendReason);
    }

    private static IEnumerable<string> Shapes(FusedExperts experts) =>
        experts.named_parameters().Select(entry => $"{entry.name} [{string.Join(", ", entry.parameter.shape)}]");
}
