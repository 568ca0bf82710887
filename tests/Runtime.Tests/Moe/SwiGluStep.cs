using System.Globalization;
using static TorchSharp.torch;

namespace Moesaic.Tests.Moe;

/// <summary>An activation of an author's own: min(silu(gate), limit) · up, with up held within ±limit: Step-3.5.</summary>
internal readonly struct SwiGluStep(double limit) : IExpertActivation
{
    public string Name => string.Create(CultureInfo.InvariantCulture, $"SwiGluStep({limit})");

    public float Apply(float gate, float up)
    {
        var silu = gate / (1f + MathF.Exp(-gate));
        return MathF.Min(silu, (float)limit) * Math.Clamp(up, -(float)limit, (float)limit);
    }

    public Tensor Apply(Tensor gate, Tensor up)
    {
        using var silu = gate.silu().clamp_max_(limit);
        return up.clamp(-limit, limit).mul_(silu);
    }
}
