using System.Globalization;
using static TorchSharp.torch;

namespace Moesaic;

/// <summary>(u + 1) · g · σ(1.702 g), with g = min(gate, limit) and u = up held within ±limit: gpt-oss.</summary>
/// <remarks>
/// 1.702 and 1 are constants of the reference implementation and stand in no config; the limit, 7 in the released models, stands in some.
/// </remarks>
/// <param name="swigluLimit">The limit.</param>
public readonly struct ClampedSwiGlu(double swigluLimit) : IVectorActivation
{
    private const float Alpha = 1.702f;

    /// <inheritdoc/>
    public string Name => string.Create(CultureInfo.InvariantCulture, $"ClampedSwiGlu({swigluLimit})");

    /// <inheritdoc/>
    public float Apply(float gate, float up)
    {
        var limit = (float)swigluLimit;
        gate = MathF.Min(gate, limit);
        up = MathF.Min(MathF.Max(up, -limit), limit); // Math.Clamp throws, which a kernel cannot.
        return (up + 1f) * (gate / (1f + MathF.Exp(-Alpha * gate)));
    }

    /// <inheritdoc/>
    public Tensor Apply(Tensor gate, Tensor up)
    {
        using var glu = gate.clamp_max(swigluLimit);
        using var sigmoid = glu.mul(Alpha).sigmoid_();
        glu.mul_(sigmoid);
        return up.clamp(-swigluLimit, swigluLimit).add_(1).mul_(glu);
    }

    TVector IVectorActivation.Apply<TLanes, TVector>(TVector gate, TVector up)
    {
        var (one, limit) = (TLanes.Broadcast(1), TLanes.Broadcast((float)swigluLimit));
        gate = TLanes.Min(gate, limit);
        up = TLanes.Max(TLanes.Min(up, limit), TLanes.Broadcast((float)-swigluLimit));
        var exponential = TLanes.Exp(TLanes.Multiply(gate, TLanes.Broadcast(-Alpha)));
        return TLanes.Multiply(TLanes.Add(up, one), TLanes.Divide(gate, TLanes.Add(one, exponential)));
    }
}
