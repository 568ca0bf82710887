using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Moesaic;

/// <summary>y = x / sqrt(mean(x²) + eps) · weight, the mean in float32. https://arxiv.org/abs/1910.07467.</summary>
public sealed class RmsNorm : ExplicitModule
{
    private readonly double _eps;
    private readonly bool _aroundOne;

    /// <summary>A norm over rows of <paramref name="size"/> elements, without values.</summary>
    /// <param name="aroundOne">The factor is 1 + weight, computed in float32 (Gemma, Qwen3-Next).</param>
    public RmsNorm(int size, double eps, bool aroundOne = false)
    {
        (_eps, _aroundOne) = (eps, aroundOne);
        Weight = NewParameter(size);
        Register("weight", Weight, value => Weight = value);
    }

    /// <summary>[D].</summary>
    public Parameter Weight { get; private set; }

    /// <summary>The norm without a weight: x / sqrt(mean(x²) + eps), […, D] to […, D].</summary>
    public static Tensor Unweighted(Tensor x, double eps)
    {
        using var scope = NewDisposeScope();
        return Normalize(x, eps).to(x.dtype).MoveToOuterDisposeScope();
    }

    /// <summary>[…, D] to […, D], in the dtype of <paramref name="x"/>.</summary>
    public override Tensor forward(Tensor x)
    {
        using var scope = NewDisposeScope();
        var normed = Normalize(x, _eps); // float32
        var scaled = _aroundOne ? (normed * (Weight.to(float32) + 1)).to(x.dtype) : normed.to(x.dtype) * Weight;
        return scaled.MoveToOuterDisposeScope();
    }

    private static Tensor Normalize(Tensor x, double eps)
    {
        var wide = x.to(float32);
        return wide * rsqrt(wide.square().mean([-1], keepdim: true) + eps);
    }
}
