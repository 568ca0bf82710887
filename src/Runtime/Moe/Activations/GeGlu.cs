using static TorchSharp.torch;

namespace Moesaic;

/// <summary>gelu(gate) · up, with gelu(x) = x · ½ (1 + erf(x / √2)). https://arxiv.org/abs/2002.05202.</summary>
public readonly struct GeGlu : IExpertActivation
{
    /// <inheritdoc/>
    public float Apply(float gate, float up) => 0.5f * gate * ErrorFunction.Complement(-0.70710678f * gate) * up;

    /// <inheritdoc/>
    public Tensor Apply(Tensor gate, Tensor up) => gate.gelu().mul_(up);
}
