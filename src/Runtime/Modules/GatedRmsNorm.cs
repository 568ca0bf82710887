using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Moesaic;

/// <summary>An RMS norm with a gate: norm(x · silu(gate)) · weight, or norm(x) · weight · silu(gate).</summary>
public sealed class GatedRmsNorm : ExplicitModule
{
    private readonly double _eps;
    private readonly bool _gateFirst;

    /// <summary>A norm over rows of <paramref name="size"/> elements, without values.</summary>
    /// <param name="gateFirst">The gate stands before the norm, as in Mamba-2, and not after it.</param>
    public GatedRmsNorm(int size, double eps, bool gateFirst)
    {
        (_eps, _gateFirst) = (eps, gateFirst);
        Weight = NewParameter(size);
        Register("weight", Weight, value => Weight = value);
    }

    /// <summary>[D].</summary>
    public Parameter Weight { get; private set; }

    /// <summary>[…, D] and [..., D] to […, D], in the dtype of <paramref name="gate"/>.</summary>
    public Tensor Forward(Tensor x, Tensor gate)
    {
        using var scope = NewDisposeScope();
        var opened = nn.functional.silu(gate.to(float32));
        var wide = x.to(float32);
        wide = _gateFirst ? wide * opened : wide;
        var normed = (wide * rsqrt(wide.square().mean([-1], keepdim: true) + _eps)).to(gate.dtype) * Weight;
        return (_gateFirst ? normed : (normed * opened).to(gate.dtype)).MoveToOuterDisposeScope();
    }

    /// <summary>The norm needs a gate.</summary>
    /// <exception cref="NotSupportedException">Always: call <see cref="Forward"/>.</exception>
    public override Tensor forward(Tensor x) => throw new NotSupportedException("a gated norm needs a gate: call Forward(x, gate)");
}
