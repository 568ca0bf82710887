using Moesaic;
using static TorchSharp.torch;

namespace CustomArchitecture;

/// <summary>max(gate, 0)² · up: one function on numbers for the kernels, and its twin on tensors.</summary>
public readonly struct SquaredReluGlu : IExpertActivation
{
    /// <inheritdoc/>
    public float Apply(float gate, float up)
    {
        var positive = MathF.Max(gate, 0);
        return positive * positive * up;
    }

    /// <inheritdoc/>
    public Tensor Apply(Tensor gate, Tensor up)
    {
        using var positive = gate.relu();
        return positive.square().mul_(up);
    }
}
