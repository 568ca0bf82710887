using static TorchSharp.torch;

namespace Moesaic.Runtime.Tests.Modules;

public sealed class ScaledDotProductTests
{
    public static TheoryData<double?, bool> Options() => new() { { null, false }, { null, true }, { 0.5, false }, { 0.5, true } };

    [Theory]
    [MemberData(nameof(Options))]
    public void Attend_IsSoftmaxOverBentScoresAndSinks(double? cap, bool hasSinks)
    {
        using var scope = NewDisposeScope();
        const double Scale = 0.7;
        var generator = new Generator(3);
        var (query, key, value) = (randn([1, 4, 3, 8], generator: generator), randn([1, 2, 5, 8], generator: generator), randn([1, 2, 5, 6], generator: generator));
        var sinks = hasSinks ? tensor(new float[] { 1, -2, 0.5f, 3 }) : null;
        var mask = ones(3, 5, dtype: ScalarType.Bool).tril(2).view(1, 1, 3, 5);

        var actual = ScaledDotProduct.Attend(query, key, value, Scale, mask, cap, sinks);

        Assert.Equal([1L, 4, 3, 6], actual.shape);
        for (var head = 0; head < 4; head++)
        {
            for (var token = 0; token < 3; token++)
            {
                var scores = Enumerable.Range(0, token + 3).Select(s => (query[0, head, token] * key[0, head / 2, s]).sum().item<float>() * Scale)
                    .Select(score => cap is { } bound ? bound * Math.Tanh(score / bound) : score).ToArray();
                var total = scores.Sum(Math.Exp) + (sinks is null ? 0 : Math.Exp(sinks[head].item<float>()));
                var expected = zeros(6);
                for (var s = 0; s < scores.Length; s++)
                {
                    expected += value[0, head / 2, s] * (Math.Exp(scores[s]) / total);
                }

                Assert.InRange((expected - actual[0, head, token]).abs().max().item<float>(), 0, 1e-5);
            }
        }
    }
}
