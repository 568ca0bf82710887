using static TorchSharp.torch;

namespace Moesaic.Kernels.Tests;

/// <summary>An activation that we have not seen before: softsign(gate) · up · scale.</summary>
internal readonly struct AuthorsActivation(double scale) : IExpertActivation
{
    public float Apply(float gate, float up) => gate / (1f + MathF.Abs(gate)) * up * (float)scale;

    public Tensor Apply(Tensor gate, Tensor up) => nn.functional.softsign(gate).mul_(up).mul_(scale);
}
