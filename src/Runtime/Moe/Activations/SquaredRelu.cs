using static TorchSharp.torch;

namespace Moesaic;

/// <summary>max(x, 0)², without a gate: Nemotron-H. https://arxiv.org/abs/2109.08668.</summary>
public readonly struct SquaredRelu : IUngatedActivation
{
    /// <inheritdoc/>
    public float Apply(float gate, float up)
    {
        var positive = MathF.Max(gate, 0);
        return positive * positive;
    }

    /// <inheritdoc/>
    public Tensor Apply(Tensor gate, Tensor up)
    {
        using var positive = gate.relu();
        return positive.square();
    }
}
