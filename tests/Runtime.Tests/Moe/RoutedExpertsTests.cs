using static TorchSharp.torch;

namespace Moesaic.Tests.Moe;

public sealed class RoutedExpertsTests
{
    [Theory]
    [InlineData(ExpertsBackend.Eager)]
    [InlineData(ExpertsBackend.Fused)]
    public void FromLogits_IsRouteAndForward(ExpertsBackend backend)
    {
        using var scope = NewDisposeScope();
        using var experts = ExpertsCase.Swiglu(new(Tokens: 5, Hidden: 16, Width: 8, Experts: 4, TopK: 2));
        experts.Experts.Backend = backend;
        var logits = randn(5, 4, generator: new Generator(3));
        var bias = randn(4, generator: new Generator(4));
        var router = new SigmoidTopKRouter(2, true, 2.5);
        using var routing = router.Route(logits, bias);

        var expected = experts.Experts.Forward(experts.X, routing.TopKIds, routing.TopKWeights);
        var actual = experts.Experts.Forward(experts.X, logits, bias, router);

        Assert.True(actual.equal(expected).all().item<bool>());
    }

    [Fact]
    public void LogitsOfOtherExperts_AreRefused()
    {
        using var scope = NewDisposeScope();
        using var experts = ExpertsCase.Swiglu(new(Tokens: 5, Hidden: 16, Width: 8, Experts: 4, TopK: 2));
        var error = Assert.ThrowsAny<ArgumentException>(() => experts.Experts.Forward(experts.X, randn(3, 4), null, new SoftmaxTopKRouter(2, true)));
        Assert.Contains("hiddenStates", error.Message, StringComparison.Ordinal);
    }
}
