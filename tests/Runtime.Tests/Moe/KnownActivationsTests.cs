using static TorchSharp.torch;

namespace Moesaic.Tests.Moe;

public sealed class KnownActivationsTests
{
    [Fact]
    public void TheSameActivation_IsKnownOnce() =>
        Assert.Same(KnownActivations.Function(new ClampedSwiGlu(7)), KnownActivations.Function(new ClampedSwiGlu(7)));

    [Fact]
    public void OtherNumbers_AreAnotherActivation()
    {
        Assert.Equal("ClampedSwiGlu(5)", KnownActivations.Function(new ClampedSwiGlu(5)).Name);
        Assert.Equal("ClampedSwiGlu(5.5)", KnownActivations.Function(new ClampedSwiGlu(5.5)).Name);
    }

    [Fact]
    public void OtherNumbersUnderOneName_AreToldApart()
    {
        using var rows = ones(1, 1);
        using var first = KnownActivations.Function(new Times(2)).Apply(rows);
        var other = KnownActivations.Function(new Times(3));
        using var second = other.Apply(rows);

        Assert.Equal("Times#2", other.Name);
        Assert.Equal(2, first.item<float>());
        Assert.Equal(3, second.item<float>());
    }

    [Fact]
    public void AnActivationOfAnAuthorsOwn_IsKnownOnceExpertsHaveIt()
    {
        using var experts = new FusedExperts<DoubledSquare>(2, 4, 4);

        Assert.Equal("DoubledSquare", experts.ActivationName);
        Assert.False(KnownActivations.Find("DoubledSquare")!.Gated);
        Assert.Null(KnownActivations.Find("doubledsquare"));
    }

    /// <summary>An author forgot to name the number.</summary>
    private readonly struct Times(float factor) : IExpertActivation
    {
        public static bool IsGated => false;

        public float Apply(float gate, float up) => factor * gate;

        public Tensor Apply(Tensor gate, Tensor up) => gate.mul(factor);
    }
}
