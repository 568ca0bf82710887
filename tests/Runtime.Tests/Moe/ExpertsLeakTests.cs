using static TorchSharp.torch;

namespace Moesaic.Tests.Moe;

[Collection(nameof(TensorCounts))]
public sealed class ExpertsLeakTests
{
    [Theory]
    [InlineData(ExpertsBackend.Eager)]
    [InlineData(ExpertsBackend.Grouped)]
    [InlineData(ExpertsBackend.Fused)]
    public void AForward_LeavesOnlyItsResult(ExpertsBackend backend)
    {
        using var experts = ExpertsCase.Swiglu(new(16) { Bias = true });
        experts.Run(backend).Dispose();
        var before = Tensor.TotalCount;

        using (experts.Run(backend))
        {
            Assert.Equal(before + 1, Tensor.TotalCount);
        }

        Assert.Equal(before, Tensor.TotalCount);
    }

    [Fact]
    public void AnOperatorCall_LeavesOnlyItsResult()
    {
        using var experts = ExpertsCase.Swiglu(new(16) { Bias = true });
        FusedExpertsOperatorTests.Call(experts).Dispose();
        var before = Tensor.TotalCount;

        using (FusedExpertsOperatorTests.Call(experts))
        {
            Assert.Equal(before + 1, Tensor.TotalCount);
        }

        Assert.Throws<ArgumentException>(() => FusedExpertsOperatorTests.Call(experts, "NoSuchActivation"));
        Assert.Equal(before, Tensor.TotalCount);
    }
}
