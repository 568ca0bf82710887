using static TorchSharp.torch;

namespace Moesaic.Tests.Testing;

/// <summary>An activation that no kernel may have: a row depends on the other rows it happens to be computed with.</summary>
internal readonly struct Centred : IExpertActivation
{
    public float Apply(float gate, float up) => gate * up;

    public Tensor Apply(Tensor gate, Tensor up)
    {
        using var mean = gate.mean([0], keepdim: true);
        using var centred = gate - mean;
        return centred.mul(up);
    }
}
