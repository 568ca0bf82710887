namespace Moesaic.Tests.Moe;

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
        using var tensors = new NewTensors();

        using (experts.Run(backend))
        {
            Assert.Equal(1, tensors.Count);
        }

        Assert.Equal(0, tensors.Count);
    }

    [Fact]
    public void AnOperatorCall_LeavesOnlyItsResult()
    {
        using var experts = ExpertsCase.Swiglu(new(16) { Bias = true });
        FusedExpertsOperatorTests.Call(experts).Dispose();
        using var tensors = new NewTensors();

        using (FusedExpertsOperatorTests.Call(experts))
        {
            Assert.Equal(1, tensors.Count);
        }

        Assert.Throws<ArgumentException>(() => FusedExpertsOperatorTests.Call(experts, "NoSuchActivation"));
        Assert.Equal(0, tensors.Count);
    }
}
