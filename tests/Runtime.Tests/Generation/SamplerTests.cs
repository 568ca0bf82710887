using Moesaic.Generation;
using static TorchSharp.torch;

namespace Moesaic.Runtime.Tests.Generation;

public sealed class SamplerTests
{
    private static readonly float[] Logits = [0.5f, 3f, 1f, 2.5f, -1f, 2f];

    [Fact]
    public void ZeroTemperature_TakesTheLikeliest() => Assert.All(Draw(new() { Temperature = 0 }, 5), id => Assert.Equal(1, id));

    [Fact]
    public void TopOne_TakesTheLikeliest() => Assert.All(Draw(new() { Temperature = 5, TopK = 1 }, 50), id => Assert.Equal(1, id));

    [Fact]
    public void TopK_NeverDrawsOthers() => Assert.Equal([1, 3, 5], Draw(new() { Temperature = 3, TopK = 3, Seed = 1 }, 300).Distinct().Order());

    [Fact]
    public void TopP_KeepsTheFewestThatReachIt()
    {
        // Probabilities 0.45, 0.27, 0.17, …: two of them pass 0.7, one passes 0.4.
        Assert.Equal([1, 3], Draw(new() { Temperature = 1, TopP = 0.7, Seed = 1 }, 300).Distinct().Order());
        Assert.Equal([1], Draw(new() { Temperature = 1, TopP = 0.4, Seed = 1 }, 300).Distinct());
    }

    [Fact]
    public void Draws_FollowTheProbabilities()
    {
        const int Count = 20_000;
        var drawn = Draw(new() { Temperature = 2, Seed = 5 }, Count);
        var weights = Logits.Select(logit => Math.Exp(logit / 2.0)).ToArray();
        for (var id = 0; id < Logits.Length; id++)
        {
            var expected = weights[id] / weights.Sum();
            var deviation = Math.Sqrt(expected * (1 - expected) / Count);
            Assert.InRange(drawn.Count(d => d == id) / (double)Count, expected - (5 * deviation), expected + (5 * deviation));
        }
    }

    [Fact]
    public void OneSeed_DrawsOneSequence()
    {
        Assert.Equal(Draw(new() { Temperature = 1, Seed = 3 }, 40), Draw(new() { Temperature = 1, Seed = 3 }, 40));
        Assert.NotEqual(Draw(new() { Temperature = 1, Seed = 3 }, 40), Draw(new() { Temperature = 1, Seed = 4 }, 40));
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public void LogitsThatAreNoNumbers_AreRefused(float wrong)
    {
        using var logits = tensor([1f, wrong, 2f]);
        var error = Assert.Throws<GenerationException>(() => new Sampler(new()).Next(logits));
        Assert.Contains("NaN", error.Message);
    }

    private static int[] Draw(GenerationOptions options, int count)
    {
        var sampler = new Sampler(options);
        using var logits = tensor(Logits);
        return [.. Enumerable.Range(0, count).Select(_ => sampler.Next(logits))];
    }
}
