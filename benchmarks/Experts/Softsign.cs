using static TorchSharp.torch;

namespace Moesaic.Benchmarks.Experts;

/// <summary>An author's own activation, which no kernel of ours has seen: softsign(gate) · up · scale.</summary>
internal readonly struct Softsign(double scale) : IExpertActivation
{
    public float Apply(float gate, float up) => gate / (1f + MathF.Abs(gate)) * up * (float)scale;

    public Tensor Apply(Tensor gate, Tensor up) => nn.functional.softsign(gate).mul_(up).mul_(scale);
}
