using static TorchSharp.torch;

namespace Moesaic.Tests.Moe;

public sealed class WeightedInputsTests
{
    [Fact]
    public void WeightOnTheInput_IsExpertsOnScaledTokens()
    {
        using var scope = NewDisposeScope();
        using var experts = ExpertsCase.Swiglu(new(Tokens: 5, Hidden: 16, Width: 8, Experts: 4, TopK: 2));

        var actual = experts.Experts.ForwardWeightedInputs(experts.X, experts.Ids, experts.Weights);

        var expected = zeros_like(actual);
        for (var k = 0; k < 2; k++)
        {
            var ids = experts.Ids.narrow(1, k, 1).contiguous();
            expected += experts.Experts.Forward(experts.X * experts.Weights.narrow(1, k, 1), ids, ones_like(ids, dtype: ScalarType.Float32));
        }

        Assert.InRange((expected - actual).abs().max().item<float>(), 0, 1e-5);
    }
}
