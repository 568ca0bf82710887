using static TorchSharp.torch;

namespace Moesaic.Runtime.Tests.Modules;

public sealed class NormTests
{
    // x / sqrt(mean(x²)) of 3 and 4 is 3 / sqrt(12.5) and 4 / sqrt(12.5).
    private static readonly float Root = MathF.Sqrt(12.5f);

    [Fact]
    public void GemmaRmsNorm_AddsOneToTheWeight()
    {
        using var scope = NewDisposeScope();
        using var norm = Filled(new GemmaRmsNorm(2, 0));
        Near([3 / Root * 1.5f, 4 / Root * 3], norm.forward(tensor([3f, 4f])));
    }

    [Fact]
    public void GatedRmsNorm_GatesBeforeOrAfter()
    {
        using var scope = NewDisposeScope();
        var gate = tensor([50f, 2f]); // silu(50) = 50, silu(2) = 1.7616.
        var silu = 2 / (1 + MathF.Exp(-2));
        using var after = Filled(new GatedRmsNorm(2, 0, gateFirst: false));
        Near([3 / Root * 0.5f * 50, 4 / Root * 2 * silu], after.Forward(tensor([3f, 4f]), gate));

        using var before = Filled(new GatedRmsNorm(2, 0, gateFirst: true));
        var (first, second) = (3 * 50f, 4 * silu);
        var root = MathF.Sqrt(((first * first) + (second * second)) / 2);
        Near([first / root * 0.5f, second / root * 2], before.Forward(tensor([3f, 4f]), gate));
    }

    [Fact]
    public void GatedRmsNorm_WithoutAGate_IsRefused()
    {
        using var norm = new GatedRmsNorm(2, 0, gateFirst: true);
        Assert.Throws<NotSupportedException>(() => norm.forward(zeros(2)));
    }

    private static T Filled<T>(T norm)
        where T : ExplicitModule
    {
        RandomWeights.Fill(norm, 1, float32);
        norm.state_dict()["weight"].copy_(tensor([0.5f, 2f]));
        return norm;
    }

    private static void Near(float[] expected, Tensor actual)
    {
        for (var i = 0; i < expected.Length; i++)
        {
            Assert.Equal(expected[i], actual[i].item<float>(), 1e-4f * MathF.Abs(expected[i]));
        }
    }
}
