using static TorchSharp.torch;

namespace Moesaic.Cli.Benchmarks;

/// <summary>Random experts, made where they are used, and the wide result that says what is right.</summary>
internal sealed class Layer : IDisposable
{
    private readonly double _skew;

    internal Layer(LayerShape shape, ScalarType dtype, Device device, double skew)
    {
        _skew = skew;
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

    internal RoutedTokens Draw(int tokens) => RoutedTokens.Draw(Shape, tokens, Dtype, Device, _skew);

    /// <summary>[T, D], every step of it in float64 where the weights are float32, else in float32.</summary>
    internal Tensor Reference(RoutedTokens tokens) =>
        ReferenceExperts.Run(tokens, Shape, Dtype == float32 ? float64 : float32, expert => (Experts.W13[expert], Experts.W2[expert]));

    public void Dispose() => Experts.Dispose();
}
