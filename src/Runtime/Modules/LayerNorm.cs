using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Moesaic;

/// <summary>y = (x − mean) / sqrt(variance + eps) · weight + bias. https://arxiv.org/abs/1607.06450.</summary>
public sealed class LayerNorm : ExplicitModule
{
    private readonly int _size;
    private readonly double _eps;

    /// <summary>A norm over rows of <paramref name="size"/> elements, without values.</summary>
    public LayerNorm(int size, double eps, bool bias = true)
    {
        _size = size;
        _eps = eps;
        Weight = NewParameter(size);
        Bias = bias ? NewParameter(size) : null;
        Register("weight", Weight, value => Weight = value);
        Register("bias", Bias, value => Bias = value);
    }

    /// <summary>[D].</summary>
    public Parameter Weight { get; private set; }

    /// <summary>[D], or null.</summary>
    public Parameter? Bias { get; private set; }

    /// <summary>[…, D] to […, D].</summary>
    public override Tensor forward(Tensor x) => nn.functional.layer_norm(x, [_size], Weight, Bias, _eps);
}
