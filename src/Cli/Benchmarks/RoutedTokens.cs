using static TorchSharp.torch;

namespace Moesaic.Cli.Benchmarks;

/// <summary>Random tokens, each with K different experts drawn evenly.</summary>
/// <param name="HiddenStates">[T, D].</param>
/// <param name="TopKIds">[T, K] int32.</param>
/// <param name="TopKWeights">[T, K] float32, one in sum.</param>
/// <param name="ActiveExperts">Experts with at least one token.</param>
internal sealed record RoutedTokens(Tensor HiddenStates, Tensor TopKIds, Tensor TopKWeights, int ActiveExperts) : IDisposable
{
    internal static RoutedTokens Draw(LayerShape shape, int tokens, ScalarType dtype, Device device)
    {
        using var scope = NewDisposeScope();
        var x = randn([tokens, shape.HiddenSize], dtype: float32, device: device).to(dtype);
        var (values, ids) = randn([tokens, shape.NumExperts], dtype: float32, device: device).topk(shape.TopK);
        var active = (int)ids.unique().output.numel();
        return new(Outer(x), Outer(ids.to(int32)), Outer(values.softmax(1)), active);

        static Tensor Outer(Tensor tensor) => tensor.MoveToOuterDisposeScope();
    }

    public void Dispose()
    {
        HiddenStates.Dispose();
        TopKIds.Dispose();
        TopKWeights.Dispose();
    }
}
