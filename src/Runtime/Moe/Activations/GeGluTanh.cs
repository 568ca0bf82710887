using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Moesaic;

/// <summary>gelu(gate) · up, with gelu(x) ≈ x · ½ (1 + tanh(√(2/π) (x + 0.044715 x³))): Gemma. https://arxiv.org/abs/1606.08415.</summary>
public readonly struct GeGluTanh : IExpertActivation
{
    /// <inheritdoc/>
    public float Apply(float gate, float up)
    {
        var inner = 0.79788456f * (gate + (0.044715f * gate * gate * gate));
        return 0.5f * gate * (1f + MathF.Tanh(inner)) * up;
    }

    /// <inheritdoc/>
    public Tensor Apply(Tensor gate, Tensor up) => gate.gelu(GELU.Approximate.tanh).mul_(up);
}
