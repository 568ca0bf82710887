using static TorchSharp.torch;

namespace Moesaic.Tests.Moe;

[Collection(nameof(TensorCounts))]
public sealed class ActivationLeakTests
{
    [Theory]
    [MemberData(nameof(ActivationTests.Activations), MemberType = typeof(ActivationTests))]
    public void AnActivation_LeavesOnlyItsResult(string name)
    {
        using var gate = ones(3, 4);
        using var up = ones(3, 4);
        var before = Tensor.TotalCount;

        using (ActivationTests.All[name].Apply(gate, up))
        {
            Assert.Equal(before + 1, Tensor.TotalCount);
        }

        Assert.Equal(before, Tensor.TotalCount);
    }
}
