using static TorchSharp.torch;

namespace Moesaic.Tests.Moe;

public sealed class RoutingWeightsTests
{
    [Theory]
    [InlineData(1e-6f, 1e-6, 0, 1f / 3)]
    [InlineData(1e-6f, 0, 0, 0.5f)]
    [InlineData(2e-13f, 0, 1e-12, 0.2f)]
    [InlineData(0.25f, 0, 1e-12, 0.5f)]
    [InlineData(0f, 1e-20, 0, 0f)]
    [InlineData(0f, 0, 1e-12, 0f)]
    public void Renormalize_DividesByTheSumAsTheReferenceDoes(float weight, double epsilon, double minimum, float expected)
    {
        using var routes = new RoutingResult(zeros(1, 2, ScalarType.Int32), full([1, 2], weight));
        routes.Renormalize(epsilon, minimum);
        Assert.All(routes.TopKWeights.data<float>().ToArray(), actual => Assert.Equal(expected, actual, 1e-6f));
    }

    [Fact]
    public void ScoresThatVanish_GiveNoWeightAndNotNaN()
    {
        using var logits = full([1, 4], -200f);
        using var routes = new SigmoidTopKRouter(2, true, 2.5).Route(logits, null);
        Assert.Equal([0f, 0f], routes.TopKWeights.data<float>().ToArray());
    }

    /// <summary>bfloat16 keeps 8 bits: 0.7 is 0.69921875 there, and sums are made of what is left.</summary>
    [Fact]
    public void Rounded_IsWhatANarrowerDtypeKeeps_InFloat32()
    {
        using var scores = tensor(new[] { 0.7f, 0.25f, 1f / 3 }, [1, 3]);
        using var tensors = new NewTensors();
        using (var rounded = RoutingMath.Rounded(scores, ScalarType.BFloat16))
        {
            Assert.Equal(ScalarType.Float32, rounded.dtype);
            Assert.Equal([0.69921875f, 0.25f, 0.333984375f], rounded.data<float>().ToArray());
            Assert.Equal(1, tensors.Count);
        }

        using (var routes = RoutingMath.Choose(scores, scores, 2).Round(ScalarType.BFloat16))
        {
            Assert.Equal(ScalarType.Float32, routes.TopKWeights.dtype);
            Assert.Equal([0.69921875f, 0.333984375f], routes.TopKWeights.data<float>().ToArray());
            Assert.Equal(2, tensors.Count);
        }

        using var same = RoutingMath.Rounded(scores, ScalarType.Float32);
        Assert.Equal(scores.data<float>().ToArray(), same.data<float>().ToArray());
        Assert.Equal(0.7f, scores[0, 0].item<float>());
    }
}
