using static TorchSharp.torch;

namespace Moesaic.Tests.Moe;

/// <summary>The operator <c>moesaic::fused_experts</c>, called through libtorch's dispatcher.</summary>
public sealed class FusedExpertsOperatorTests
{
    [Theory]
    [InlineData(0, false)]
    [InlineData(1, true)]
    [InlineData(33, false)]
    [InlineData(33, true)]
    public void ThroughTheDispatcher_TheNumbersAreTheSame(int tokens, bool bias)
    {
        using var experts = ExpertsCase.Swiglu(new(tokens) { Bias = bias });
        using var expected = experts.Run(ExpertsBackend.Auto);
        using var result = Call(experts);

        Assert.True(expected.Equals(result));
    }

    [Fact]
    public void AnActivationWithNumbers_IsCalledByItsName()
    {
        using var experts = ExpertsCase.Create(new(9), static (_, _) => 0, new ClampedSwiGlu(1.25));
        using var expected = experts.Run(ExpertsBackend.Auto);
        using var result = Call(experts);

        Assert.Equal("ClampedSwiGlu(1.25)", experts.Experts.ActivationName);
        Assert.True(expected.Equals(result));
    }

    [Fact]
    public void WithoutAGate_TheNumbersAreTheSame()
    {
        using var experts = ExpertsCase.Create<DoubledSquare>(new(9), static (_, _) => 0);
        using var expected = experts.Run(ExpertsBackend.Auto);
        using var result = Call(experts);

        Assert.True(expected.Equals(result));
    }

    [Fact]
    public void InsideADisposeScope_TheResultLivesAsLongAsTheScope()
    {
        using var experts = ExpertsCase.Swiglu(new(9));
        using var expected = experts.Run(ExpertsBackend.Auto);
        using (NewDisposeScope())
        {
            var result = Call(experts);
            Assert.True(expected.Equals(result));
        }
    }

    [Fact]
    public void FromManyThreads_TheNumbersAreTheSame()
    {
        using var experts = ExpertsCase.Swiglu(new(33) { Bias = true });
        using var expected = experts.Run(ExpertsBackend.Auto);
        Parallel.For(0, 64, i =>
        {
            if (i % 4 == 0)
            {
                Assert.Throws<ArgumentException>(() => Call(experts, "NoSuchActivation"));
            }
            else
            {
                using var result = Call(experts);
                Assert.True(expected.Equals(result));
            }
        });
    }

    [Fact]
    public void OnTheMetaDevice_ThereIsAShapeAndADtype()
    {
        using var x = empty(7, 512, ScalarType.BFloat16, META);
        using var ids = empty(7, 6, ScalarType.Int32, META);
        using var weights = empty(7, 6, ScalarType.Float32, META);
        using var w13 = empty(160, 2 * 1536, 512, ScalarType.BFloat16, META);
        using var w2 = empty(160, 512, 1536, ScalarType.BFloat16, META);
        using var result = FusedExpertsOperator.Call(x, ids, weights, w13, w2, null, null, "SwiGlu");

        Assert.True(result.is_meta);
        Assert.Equal(ScalarType.BFloat16, result.dtype);
        Assert.Equal([7, 512], result.shape);
    }

    [Fact]
    public void Arguments_ThatDoNotFit_AreRefusedAndNamed()
    {
        using var experts = ExpertsCase.Swiglu(new(4) { Bias = true });
        var (w13, w2) = (experts.Experts.W13, experts.Experts.W2);
        var (w13Bias, w2Bias) = (experts.Experts.W13Bias!, experts.Experts.W2Bias!);
        using var half = w2.bfloat16();
        using var flat = w2.flatten();
        using var meta = w13Bias.to(META);
        using var wrongIds = full([4, 2], 8, ScalarType.Int32);

        Refused("w2: expected [E, D, F], got [4096]", w13, flat, w13Bias, w2Bias);
        Refused("w13: expected [8, 32, 32], got [8, 32, 16]", w2, w2, w13Bias, w2Bias);
        Refused("w2: expected Float32, the dtype of w13, got BFloat16", w13, half, w13Bias, w2Bias);
        Refused("w13_bias: expected on cpu, where the weights are, got on meta", w13, w2, meta, w2Bias);
        Refused("w2_bias: expected [8, 32], got [8, 32, 16]", w13, w2, w13Bias, w2);
        Refused("w13: expected [8, 16, 32], got [8, 32, 32]", w13, w2, w13Bias, w2Bias, activation: "SquaredRelu");
        Refused("topKIds[0, 0] is 8: expected 0 to 7", w13, w2, w13Bias, w2Bias, wrongIds);

        void Refused(string message, Tensor w13, Tensor w2, Tensor w13Bias, Tensor w2Bias, Tensor? ids = null, string activation = "SwiGlu")
        {
            var error = Assert.ThrowsAny<ArgumentException>(
                () => FusedExpertsOperator.Call(experts.X, ids ?? experts.Ids, experts.Weights, w13, w2, w13Bias, w2Bias, activation));
            Assert.Equal(message, error.Message);
        }
    }

    [Fact]
    public void AnUnknownActivation_IsRefusedWithThoseKnown()
    {
        using var experts = ExpertsCase.Swiglu(new(4));
        var error = Assert.Throws<ArgumentException>(() => Call(experts, "Gelu-ish é"));
        Assert.StartsWith("activation: 'Gelu-ish é' is none of ", error.Message, StringComparison.Ordinal);
        Assert.Contains("GeGlu, GeGluTanh", error.Message, StringComparison.Ordinal);
    }

    internal static Tensor Call(ExpertsCase test, string? activation = null) => FusedExpertsOperator.Call(
        test.X, test.Ids, test.Weights, test.Experts.W13, test.Experts.W2, test.Experts.W13Bias, test.Experts.W2Bias, activation ?? test.Experts.ActivationName);
}
