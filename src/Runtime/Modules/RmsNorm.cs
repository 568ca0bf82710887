using Moesaic.Kernels;
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

    internal double Eps => _eps;

    /// <summary>The norm without a weight: x / sqrt(mean(x²) + eps), […, D] to […, D], in the dtype of <paramref name="x"/>.</summary>
    public static Tensor Unweighted(Tensor x, double eps)
    {
        using var scope = NewDisposeScope();
        var wide = x.to(float32);
        return (wide * rsqrt(wide.square().mean([-1], keepdim: true) + eps)).to(x.dtype).MoveToOuterDisposeScope();
    }

    /// <summary>[…, D] to […, D], in the dtype of <paramref name="x"/>.</summary>
    public override Tensor forward(Tensor x)
    {
        if (SmallBatch.RmsNorm(x, Weight, _eps) is { } result)
        {
            return result;
        }

        using var normed = Unweighted(x, _eps);
        return normed * Weight;
    }
}
