using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Moesaic;

/// <summary>y = x / sqrt(mean(x²) + eps) · weight, the mean in float32. https://arxiv.org/abs/1910.07467.</summary>
public sealed class RmsNorm : ExplicitModule
{
    private readonly double _eps;

    /// <summary>A norm over rows of <paramref name="size"/> elements, without values.</summary>
    public RmsNorm(int size, double eps)
    {
        _eps = eps;
        Weight = NewParameter(size);
        Register("weight", Weight, value => Weight = value);
    }

    /// <summary>[D].</summary>
    public Parameter Weight { get; private set; }

    /// <summary>[…, D] to […, D], in the dtype of <paramref name="x"/>.</summary>
    public override Tensor forward(Tensor x)
    {
        using var scope = NewDisposeScope();
        var wide = x.to(float32);
        var scale = rsqrt(wide.square().mean([-1], keepdim: true) + _eps);
        return ((wide * scale).to(x.dtype) * Weight).MoveToOuterDisposeScope();
    }
}
