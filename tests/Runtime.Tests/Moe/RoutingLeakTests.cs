using static TorchSharp.torch;

namespace Moesaic.Tests.Moe;

[Collection(nameof(TensorCounts))]
public sealed class RoutingLeakTests
{
    [Theory]
    [MemberData(nameof(RoutingTests.Routers), MemberType = typeof(RoutingTests))]
    public void ARouter_LeavesOnlyItsResult(string name)
    {
        var (router, _, biased) = RoutingTests.All[name];
        using var logits = RoutingTests.Logits(7);
        using var bias = biased ? zeros(12) : null;
        var before = Tensor.TotalCount;

        using (router.Route(logits, bias))
        {
            Assert.Equal(before + 2, Tensor.TotalCount);
        }

        Assert.Equal(before, Tensor.TotalCount);
    }
}
