using static TorchSharp.torch;

namespace Moesaic.Tests.Moe;

public sealed class RoutingLeakTests
{
    [Theory]
    [MemberData(nameof(RoutingTests.Routers), MemberType = typeof(RoutingTests))]
    public void ARouter_LeavesOnlyItsResult(string name)
    {
        var (router, _, biased) = RoutingTests.All[name];
        using var logits = RoutingTests.Logits(7);
        using var bias = biased ? zeros(12) : null;
        using var tensors = new NewTensors();

        using (router.Route(logits, bias))
        {
            Assert.Equal(2, tensors.Count);
        }

        Assert.Equal(0, tensors.Count);
    }
}
