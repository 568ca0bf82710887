using static TorchSharp.torch;

namespace Moesaic.Cli.Benchmarks;

/// <summary>Random experts, made where they are used, and the wide result that says what is right.</summary>
internal sealed class Layer : IDisposable
{
    internal Layer(LayerShape shape, ScalarType dtype, Device device)
    {
        (Shape, Dtype, Device) = (shape, dtype, device);
        Experts = new FusedExperts<SwiGlu>(shape.NumExperts, shape.HiddenSize, shape.IntermediateSize);
        foreach (var parameter in Experts.Parameters)
        {
            var scale = 1 / Math.Sqrt(parameter.Value.size(2)); // Results are then about as large as the tokens.
            Experts.Replace(parameter, empty(parameter.Value.shape, dtype: dtype, device: device).normal_(0, scale));
        }

        Experts.NoteDevice(device);
    }

    internal LayerShape Shape { get; }

    internal ScalarType Dtype { get; }

    internal Device Device { get; }

    internal FusedExperts Experts { get; }

    internal RoutedTokens Draw(int tokens) => RoutedTokens.Draw(Shape, tokens, Dtype, Device);

    /// <summary>[T, D], every step of it in float64 where the weights are float32, else in float32.</summary>
    internal Tensor Reference(RoutedTokens tokens)
    {
        using var scope = NewDisposeScope();
        var wide = Dtype == float32 ? float64 : float32;
        var x = tokens.HiddenStates.to(wide);
        var sum = zeros_like(x);
        for (var expert = 0; expert < Shape.NumExperts; expert++)
        {
            using var inner = NewDisposeScope();
            var routes = tokens.TopKIds.eq(expert).nonzero();
            if (routes.size(0) == 0)
            {
                continue;
            }

            var (rows, k) = (routes.select(1, 0), routes.select(1, 1));
            var w13Rows = x.index_select(0, rows).mm(Experts.W13[expert].to(wide).t());
            var hidden = w13Rows.narrow(1, 0, Shape.IntermediateSize).silu() * w13Rows.narrow(1, Shape.IntermediateSize, Shape.IntermediateSize);
            var output = hidden.mm(Experts.W2[expert].to(wide).t());
            sum.index_add_(0, rows, output * tokens.TopKWeights[rows, k].unsqueeze(1), 1);
        }

        return sum.MoveToOuterDisposeScope();
    }

    public void Dispose() => Experts.Dispose();
}
