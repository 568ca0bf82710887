using static TorchSharp.torch;

namespace Moesaic.Tests.Moe;

public sealed class ActivationLeakTests
{
    [Theory]
    [MemberData(nameof(ActivationTests.Activations), MemberType = typeof(ActivationTests))]
    public void AnActivation_LeavesOnlyItsResult(string name)
    {
        using var gate = ones(3, 4);
        using var up = ones(3, 4);
        using var tensors = new NewTensors();

        using (ActivationTests.All[name].Apply(gate, up))
        {
            Assert.Equal(1, tensors.Count);
        }

        Assert.Equal(0, tensors.Count);
    }
}
