using static TorchSharp.torch;

namespace Moesaic;

/// <summary>silu(gate) · up, with silu(x) = x · σ(x). https://arxiv.org/abs/2002.05202.</summary>
public readonly struct SwiGlu : IVectorActivation
{
    /// <inheritdoc/>
    public float Apply(float gate, float up) => gate / (1f + MathF.Exp(-gate)) * up;

    /// <inheritdoc/>
    public Tensor Apply(Tensor gate, Tensor up) => gate.silu().mul_(up);

    TVector IVectorActivation.Apply<TLanes, TVector>(TVector gate, TVector up)
    {
        var one = TLanes.Broadcast(1);
        var exponential = TLanes.Exp(TLanes.Multiply(gate, TLanes.Broadcast(-1)));
        return TLanes.Multiply(TLanes.Divide(gate, TLanes.Add(one, exponential)), up);
    }
}
