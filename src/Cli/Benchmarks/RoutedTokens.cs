using static TorchSharp.torch;

namespace Moesaic.Cli.Benchmarks;

/// <summary>Random tokens, each with K different random experts.</summary>
/// <param name="HiddenStates">[T, D].</param>
/// <param name="TopKIds">[T, K] int32.</param>
/// <param name="TopKWeights">[T, K] float32, one in sum.</param>
/// <param name="ActiveExperts">Experts with at least one token.</param>
internal sealed record RoutedTokens(Tensor HiddenStates, Tensor TopKIds, Tensor TopKWeights, int ActiveExperts) : IDisposable
{
    /// <param name="skew">Experts are drawn in proportion to (i + 1)^−skew: evenly for 0.</param>
    internal static RoutedTokens Draw(LayerShape shape, int tokens, ScalarType dtype, Device device, double skew = 0)
    {
        using var scope = NewDisposeScope();
        var x = randn([tokens, shape.HiddenSize], dtype: float32, device: device).to(dtype);
        var noise = rand([tokens, shape.NumExperts], dtype: float32, device: device).clamp(1e-7, 1 - 1e-7).log().neg().log().neg(); // Gumbel's: its largest K are draws without replacement.
        var (values, ids) = (noise - (arange(1, shape.NumExperts + 1, float32, device).log() * skew)).topk(shape.TopK);
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
