using static TorchSharp.torch;

namespace Moesaic.Tests.Moe;

/// <summary>Known values of every activation, and its scalar against its tensor twin.</summary>
public sealed class ActivationTests
{
    private static readonly float[] Wide =
    [
        0, -0f, 1e-30f, -1e-30f, 1e-6f, -1e-6f, 0.1f, -0.1f, 0.5f, -0.5f, 1, -1, 1.5f, -1.5f, 2, -2, 3, -3, 5, -5, 6.99f, 7, 7.01f, -7, 9, -9,
        12, -12, 20, -20, 50, -50, 88, -88, 89, -89, 104, -104, 1000, -1000, 1e6f, -1e6f, 1e15f, -1e15f, 1e30f, -1e30f,
        1e38f, -1e38f, float.Epsilon, float.PositiveInfinity, float.NegativeInfinity, float.NaN,
    ];

    public static TheoryData<string> Activations => [.. All.Keys];

    internal static Dictionary<string, IExpertActivation> All { get; } = new()
    {
        ["SwiGlu"] = default(SwiGlu),
        ["GeGlu"] = default(GeGlu),
        ["GeGluTanh"] = default(GeGluTanh),
        ["ClampedSwiGlu(7)"] = new ClampedSwiGlu(7),
        ["ClampedSwiGlu(2.5)"] = new ClampedSwiGlu(2.5),
        ["SquaredRelu"] = default(SquaredRelu),
        ["SwiGluOfClamped(7)"] = new SwiGluOfClamped(7),
        ["SwiGluStep(7)"] = new SwiGluStep(7),
        ["SiTu(4)"] = new SiTu(4),
    };

    [Theory]
    [InlineData("SwiGlu", 1, 2, 1.46211716)]
    [InlineData("SwiGlu", -3, .5, -.07113881)]
    [InlineData("SwiGlu", 10, -9, -89.99591419)]
    [InlineData("GeGlu", 1, 2, 1.68268949)]
    [InlineData("GeGlu", -3, .5, -.00202485)]
    [InlineData("GeGlu", 10, -9, -90)]
    [InlineData("GeGluTanh", 1, 2, 1.68238398)]
    [InlineData("GeGluTanh", -3, .5, -.00181870)]
    [InlineData("GeGluTanh", 10, -9, -90)]
    [InlineData("ClampedSwiGlu(7)", 1, 2, 2.5373872978)]
    [InlineData("ClampedSwiGlu(7)", -3, .5, -.0271069646)]
    [InlineData("ClampedSwiGlu(7)", 10, -9, -41.9997187698)]
    [InlineData("ClampedSwiGlu(7)", .25, -1, 0)]
    [InlineData("SquaredRelu", 1.5, 0, 2.25)]
    [InlineData("SquaredRelu", -2, 0, 0)]
    [InlineData("SwiGluOfClamped(7)", 1, 2, 1.46211716)]
    [InlineData("SwiGluOfClamped(7)", -3, .5, -.07113881)]
    [InlineData("SwiGluOfClamped(7)", 10, -9, -48.95535849)]
    [InlineData("SwiGluStep(7)", 1, 2, 1.46211716)]
    [InlineData("SwiGluStep(7)", -3, .5, -.07113881)]
    [InlineData("SwiGluStep(7)", 10, -9, -49)]
    [InlineData("SiTu(4)", 1, 2, 1.43239911)]
    [InlineData("SiTu(4)", -3, .5, -.06024499)]
    [InlineData("SiTu(4)", 10, -9, -35.51650229)]
    public void KnownValues(string name, float gate, float up, double expected)
    {
        var tolerance = 1e-6 * Math.Max(1, Math.Abs(expected));
        Assert.InRange(All[name].Apply(gate, up), expected - tolerance, expected + tolerance);
        Assert.InRange(Twin(All[name], [gate], [up])[0], expected - tolerance, expected + tolerance);
    }

    [Theory]
    [MemberData(nameof(Activations))]
    public void TheTwins_AgreeOverAWideRange(string name)
    {
        var random = new Random(3);
        var pairs = Wide.SelectMany(gate => Wide.Select(up => (Gate: gate, Up: up)))
            .Concat(Enumerable.Range(0, 20000).Select(_ => (Gate: (random.NextSingle() * 40) - 20, Up: (random.NextSingle() * 40) - 20)))
            .ToArray();
        var twin = Twin(All[name], [.. pairs.Select(pair => pair.Gate)], [.. pairs.Select(pair => pair.Up)]);
        foreach (var ((gate, up), tensor) in pairs.Zip(twin))
        {
            var scalar = All[name].Apply(gate, up);
            Assert.True(Agree(scalar, tensor, gate, up), $"{name}({gate:G9}, {up:G9}): scalar {scalar:G9}, tensor {tensor:G9}");
        }
    }

    [Theory]
    [MemberData(nameof(Activations))]
    public void TheTensorTwin_TakesViewsAndLeavesThemAlone(string name)
    {
        using var rows = arange(-24, 24, ScalarType.Float32).div(4).reshape(4, 12);
        using var copy = rows.clone();
        using var gate = rows.narrow(1, 0, 6);
        using var up = rows.narrow(1, 6, 6);
        using var denseGate = gate.clone();
        using var denseUp = up.clone();
        using var expected = All[name].Apply(denseGate, denseUp);
        using var result = All[name].Apply(gate, up);

        Assert.True(expected.allclose(result, 1e-6, 1e-5));
        Assert.True(copy.Equals(rows));
        Assert.Equal([4, 6], result.shape);
    }

    [Theory]
    [MemberData(nameof(Activations))]
    public void TheTensorTwin_KeepsTheDtype(string name)
    {
        using var gate = ones(2, 3, ScalarType.BFloat16);
        using var result = All[name].Apply(gate, gate);

        Assert.Equal(ScalarType.BFloat16, result.dtype);
    }

    [Theory]
    [MemberData(nameof(Activations))]
    public void ItsName_TellsItsNumbers(string name) => Assert.Equal(name, All[name].Name);

    /// <summary>
    /// To 2e-6 of the result, or 5e-7 of |gate · up| where that is more: both compute erf to a few 1e-7 only, of which its tail is made.
    /// Of infinities and what overflows only that both are not finite: libtorch's erf(−7) + 1 is 0, and 0 · ∞ is not −∞.
    /// </summary>
    private static bool Agree(float scalar, float tensor, float gate, float up)
    {
        if (scalar.Equals(tensor) || scalar == tensor)
        {
            return true;
        }

        var tolerance = Math.Max(2e-6 * Math.Abs((double)scalar), 5e-7 * Math.Abs((double)gate * up));
        return float.IsFinite(scalar) && float.IsFinite(tensor)
            ? Math.Abs((double)scalar - tensor) <= Math.Max(tolerance, float.Epsilon)
            : !float.IsFinite(scalar) && !float.IsFinite(tensor);
    }

    private static float[] Twin(IExpertActivation activation, float[] gate, float[] up)
    {
        using var gates = tensor(gate);
        using var ups = tensor(up);
        using var result = activation.Apply(gates, ups);
        return result.data<float>().ToArray();
    }
}
