using static TorchSharp.torch;

namespace Moesaic.Runtime.Tests.Modules;

public sealed class RmsNormTests
{
    private const double Eps = 1e-3;
    private static readonly float[] Row = [3, -4, 0, 1];

    [Fact]
    public void Factor_IsTheWeight_OrNone()
    {
        using var scope = NewDisposeScope();
        var x = tensor(Row).view(1, 4);
        float[] weights = [1, 2, 0.5f, -1];
        var root = Math.Sqrt((9 + 16 + 0 + 1) / 4.0 + Eps);

        using var norm = new RmsNorm(weights.Length, Eps);
        norm.Replace(norm.Parameters[0], tensor(weights));

        Near(Row.Zip(weights, (v, w) => v / root * w), norm.forward(x));
        Near(Row.Select(v => v / root), RmsNorm.Unweighted(x, Eps));
    }

    [Fact]
    public void Result_HasTheDtypeOfItsInput()
    {
        using var scope = NewDisposeScope();
        var x = tensor(Row).view(1, 4).to(bfloat16);
        Assert.Equal(bfloat16, RmsNorm.Unweighted(x, Eps).dtype);
    }

    private static void Near(IEnumerable<double> expected, Tensor actual) =>
        Assert.All(expected.Zip(actual.data<float>()), pair => Assert.Equal(pair.First, pair.Second, 1e-5));
}
