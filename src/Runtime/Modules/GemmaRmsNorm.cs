using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Moesaic;

/// <summary>y = x / sqrt(mean(x²) + eps) · (1 + weight), all of it in float32: Gemma's RMS norm, and Qwen3-Next's.</summary>
public sealed class GemmaRmsNorm : ExplicitModule
{
    private readonly double _eps;

    /// <summary>A norm over rows of <paramref name="size"/> elements, without values.</summary>
    public GemmaRmsNorm(int size, double eps)
    {
        _eps = eps;
        Weight = NewParameter(size);
        Register("weight", Weight, value => Weight = value);
    }

    /// <summary>What is added to 1, [D].</summary>
    public Parameter Weight { get; private set; }

    /// <summary>[…, D] to […, D], in the dtype of <paramref name="x"/>.</summary>
    public override Tensor forward(Tensor x)
    {
        using var scope = NewDisposeScope();
        var wide = x.to(float32);
        var scale = rsqrt(wide.square().mean([-1], keepdim: true) + _eps);
        return (wide * scale * (Weight.to(float32) + 1)).to(x.dtype).MoveToOuterDisposeScope();
    }
}
