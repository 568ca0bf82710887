using System.Globalization;
using static TorchSharp.torch;

namespace Moesaic.Tests.Moe;

/// <summary>An activation of an author's own: β tanh(gate / β) · σ(gate) · up: Kimi-K3.</summary>
internal readonly struct SiTu(double beta) : IExpertActivation
{
    public string Name => string.Create(CultureInfo.InvariantCulture, $"SiTu({beta})");

    public float Apply(float gate, float up)
    {
        var bent = (float)beta * MathF.Tanh(gate / (float)beta);
        return bent / (1f + MathF.Exp(-gate)) * up;
    }

    public Tensor Apply(Tensor gate, Tensor up)
    {
        using var bent = gate.div(beta).tanh_().mul_(beta);
        using var sigmoid = gate.sigmoid();
        return bent.mul(sigmoid).mul_(up);
    }
}
