using static TorchSharp.torch;

namespace Moesaic.Tests.Moe;

/// <summary>Experts with values, and tokens with routes, from a seed.</summary>
internal sealed class ExpertsCase : IDisposable
{
    internal required FusedExperts Experts { get; init; }

    internal required Tensor X { get; init; }

    internal required Tensor Ids { get; init; }

    internal required Tensor Weights { get; init; }

    internal required Func<double, double, double> Activation { get; init; }

    internal required bool Gated { get; init; }

    internal static ExpertsCase Swiglu(ExpertsShape shape, ScalarType dtype = ScalarType.Float32) =>
        Create<SwiGlu>(shape, static (gate, up) => gate / (1 + Math.Exp(-gate)) * up, dtype: dtype);

    internal static ExpertsCase Create<TActivation>(
        ExpertsShape shape, Func<double, double, double> activation, TActivation fused = default, ScalarType dtype = ScalarType.Float32, int seed = 1)
        where TActivation : struct, IExpertActivation
    {
        var random = new Random(seed);
        var experts = new FusedExperts<TActivation>(shape.Experts, shape.Hidden, shape.Width, fused, shape.Bias);
        foreach (var parameter in experts.Parameters)
        {
            using var values = Normal(random, parameter.Value.shape, dtype, 0.5);
            experts.Replace(parameter, values.alias());
        }

        return new()
        {
            Experts = experts,
            X = Normal(random, [shape.Tokens, shape.Hidden], dtype, 1),
            Ids = Routes(random, shape),
            Weights = Uniform(random, [shape.Tokens, shape.TopK]),
            Activation = activation,
            Gated = TActivation.IsGated,
        };
    }

    internal Tensor Run(ExpertsBackend backend)
    {
        Experts.Backend = backend;
        return Experts.Forward(X, Ids, Weights);
    }

    internal double[,] Reference() => ReferenceExperts.Run(
        Matrix(X), IdMatrix(), Matrix(Weights), Cube(Experts.W13), Cube(Experts.W2),
        Experts.W13Bias is null ? null : Matrix(Experts.W13Bias), Experts.W2Bias is null ? null : Matrix(Experts.W2Bias), Gated, Activation);

    internal static double[,] Matrix(Tensor tensor)
    {
        using var wide = tensor.to(ScalarType.Float64);
        var bytes = wide.bytes.ToArray();
        var result = new double[tensor.shape[0], tensor.shape[1]];
        Buffer.BlockCopy(bytes, 0, result, 0, bytes.Length);
        return result;
    }

    public void Dispose()
    {
        Experts.Dispose();
        X.Dispose();
        Ids.Dispose();
        Weights.Dispose();
    }

    private int[,] IdMatrix()
    {
        var bytes = Ids.bytes.ToArray();
        var result = new int[Ids.shape[0], Ids.shape[1]];
        Buffer.BlockCopy(bytes, 0, result, 0, bytes.Length);
        return result;
    }

    private static double[,,] Cube(Tensor tensor)
    {
        using var wide = tensor.to(ScalarType.Float64);
        var bytes = wide.bytes.ToArray();
        var result = new double[tensor.shape[0], tensor.shape[1], tensor.shape[2]];
        Buffer.BlockCopy(bytes, 0, result, 0, bytes.Length);
        return result;
    }

    private static Tensor Normal(Random random, long[] shape, ScalarType dtype, double scale)
    {
        var count = shape.Aggregate(1L, (a, b) => a * b);
        var values = Enumerable.Range(0, (int)count).Select(_ => (float)(scale * Gauss(random))).ToArray();
        using var flat = tensor(values);
        using var shaped = flat.reshape(shape);
        return shaped.to(dtype, copy: true);
    }

    private static Tensor Uniform(Random random, long[] shape)
    {
        var values = Enumerable.Range(0, (int)(shape[0] * shape[1])).Select(_ => random.NextSingle()).ToArray();
        using var flat = tensor(values);
        return flat.reshape(shape);
    }

    private static Tensor Routes(Random random, ExpertsShape shape)
    {
        var ids = Enumerable.Range(0, shape.Tokens).SelectMany(_ => shape.Route(random)).ToArray();
        using var flat = tensor(ids, ScalarType.Int32);
        return flat.reshape(shape.Tokens, shape.TopK);
    }

    private static double Gauss(Random random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
