using System.Globalization;
using static TorchSharp.torch;

namespace Moesaic.Tests.Moe;

/// <summary>An activation of an author's own: silu(min(gate, limit)) · up, with up held within ±limit.</summary>
internal readonly struct SwiGluOfClamped(double limit) : IExpertActivation
{
    public string Name => string.Create(CultureInfo.InvariantCulture, $"SwiGluOfClamped({limit})");

    public float Apply(float gate, float up)
    {
        gate = MathF.Min(gate, (float)limit);
        return gate / (1f + MathF.Exp(-gate)) * Math.Clamp(up, -(float)limit, (float)limit);
    }

    public Tensor Apply(Tensor gate, Tensor up)
    {
        using var bounded = gate.clamp_max(limit);
        using var silu = bounded.silu();
        return up.clamp(-limit, limit).mul_(silu);
    }
}
