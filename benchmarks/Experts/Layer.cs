using Moesaic.Kernels;
using Moesaic.Native;
using static TorchSharp.torch;

namespace Moesaic.Benchmarks.Experts;

/// <summary>Random experts on the GPU, and the layer in float64 that says what is right.</summary>
internal sealed class Layer : IDisposable
{
    private readonly LayerMatrix _w13;
    private readonly LayerMatrix _w2;

    // T tokens, D hidden, F expert width, E experts, K top-k

    internal Layer(in ExpertSizes sizes, bool gated, bool bias, WeightFormat format = WeightFormat.BFloat16, ScaleGrid? grid = null)
    {
        var (rows, hidden, width, experts) = (gated ? 2 * sizes.Width : sizes.Width, sizes.Hidden, sizes.Width, sizes.Experts);
        Dtype = LayerMatrix.Dtype(format);
        _w13 = new(format, experts, rows, hidden, grid ?? ScaleGrid.Blocks);
        _w2 = new(format, experts, hidden, width, grid ?? ScaleGrid.Blocks);
        W13Bias = bias ? Normal(0.5, experts, rows) : null;
        W2Bias = bias ? Normal(0.5, experts, hidden) : null;
    }

    private Layer(LayerMatrix w13, LayerMatrix w2, Tensor? w13Bias, Tensor? w2Bias) =>
        (_w13, _w2, W13Bias, W2Bias, Dtype) = (w13, w2, w13Bias?.alias(), w2Bias?.alias(), ScalarType.BFloat16);

    /// <summary>The same with weights in bfloat16, as loading makes them of codes.</summary>
    internal Layer Widened() => new(_w13.Widened(), _w2.Widened(), W13Bias, W2Bias);

    /// <summary>Of activations.</summary>
    internal ScalarType Dtype { get; }

    internal Tensor W13 => _w13.Plain;

    internal Tensor W2 => _w2.Plain;

    internal Tensor? W13Bias { get; }

    internal Tensor? W2Bias { get; }

    /// <summary>Of all weights, with their scales.</summary>
    internal double Bytes => _w13.Bytes + _w2.Bytes;

    /// <summary>[…] on the GPU.</summary>
    internal Tensor Normal(double scale, params long[] shape) => empty(shape, Dtype, CUDA).normal_(0, scale);

    /// <summary>What the layer gives for routes, [T, D] float64.</summary>
    internal Tensor Reference(Tensor x, RoutingResult routes, Func<Tensor, Tensor> activation)
    {
        using var scope = NewDisposeScope();
        var sum = zeros(x.shape, float64, x.device);
        var ids = routes.TopKIds.to(ScalarType.Int64);
        foreach (var expert in ids.flatten().cpu().data<long>().Distinct().ToArray())
        {
            using var inner = NewDisposeScope();
            var at = (ids == expert).nonzero();                                                 // [n, 2]
            var (tokens, k) = (at.select(1, 0), at.select(1, 1));
            var rows = x.index_select(0, tokens).to(float64);
            var w13Rows = Linear(rows, _w13.Expert(expert), W13Bias?[expert]);                  // [n, 2F]
            var output = Linear(activation(w13Rows), _w2.Expert(expert), W2Bias?[expert]);      // [n, D]
            sum.index_add_(0, tokens, output * routes.TopKWeights[tokens, k].to(float64).unsqueeze(1), 1);
        }

        return sum.MoveToOuterDisposeScope();
    }

    internal StreamCall Call(Tensor x, Tensor logits, Tensor? selectionBias, Tensor workspace, Tensor output) => new(
        (int)x.size(0), Address(logits), Address(selectionBias), Address(x), _w13.Device, Address(W13Bias), _w2.Device, Address(W2Bias), Address(workspace), Address(output));

    public void Dispose()
    {
        _w13.Dispose();
        _w2.Dispose();
        W13Bias?.Dispose();
        W2Bias?.Dispose();
    }

    private static Tensor Linear(Tensor rows, Tensor weight, Tensor? bias)
    {
        var product = rows.matmul(weight.t());
        return bias is null ? product : product + bias.to(float64);
    }

    private static nint Address(Tensor? tensor) => tensor is null ? 0 : Aten.DataPointer(tensor);
}
