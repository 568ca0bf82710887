using Moesaic.Checkpoints;
using Moesaic.Kernels.Cpu;
using Moesaic.Testing;

namespace Moesaic.Tests.Testing;

/// <summary>The checks that authors run find what they are for; the models' own tests hold that they find nothing else.</summary>
public sealed class ModelCheckTests
{
    [Fact]
    public void SoundBlock_Passes() => ModelCheck.All(() => new TestBlock<SwiGlu>(16, Interleaved));

    [Fact]
    public void BackendsThatDisagree_AreFound()
    {
        var error = Assert.Throws<ModelCheckException>(() => ModelCheck.All(() => new TestBlock<Centred>(16)));
        Assert.Contains("Grouped differs from Eager", error.Message);
        Assert.Contains("TestBlock", error.Message);
    }

    /// <summary>grouped refuses it; what remains to compare with is fused, where the processor has vectors for it.</summary>
    [Fact]
    public void BlockOfOddSizes_IsComparedWithFused_OrNotCalledTested()
    {
        var error = Record.Exception(() => ModelCheck.All(() => new TestBlock<SwiGlu>(15)));
        if (VectorKernel.VectorBits > 0)
        {
            Assert.Null(error);
        }
        else
        {
            Assert.Contains("multiples of 8", Assert.IsType<ModelCheckException>(error).Message);
        }
    }

    [Fact]
    public void RulesThatChange_AreFound()
    {
        var count = 0;
        var error = Assert.Throws<ModelCheckException>(() => ModelCheck.RoundTrips(() => count++ == 0 ? new TestBlock<SwiGlu>(16) : new TestBlock<SwiGlu>(16, Interleaved with { Tensor = "experts.w13" })));
        Assert.Contains("experts.w13: ", error.Message);
    }

    [Fact]
    public void RulesThatFillHalf_AreFound()
    {
        WeightRule half = new("gate", "experts.w13") { Slice = WeightSlice.FirstHalf };
        Assert.Contains("second half", Assert.Throws<CheckpointException>(() => ModelCheck.RoundTrips(() => new TestBlock<SwiGlu>(16, half))).Message);
    }

    private static WeightRule Interleaved { get; } = new("gate_up", "experts.w13") { Interleaved = true };
}
