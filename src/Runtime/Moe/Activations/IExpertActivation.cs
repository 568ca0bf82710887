using static TorchSharp.torch;

namespace Moesaic;

/// <summary>What an expert does between its projections: one scalar function, and its twin on tensors.</summary>
/// <remarks>
/// Implement it on a readonly struct. The scalar is inlined into the CPU and GPU kernels; the twin is the eager path, and a
/// test compares the two. Constructor parameters are numbers of the model: the generator fills each from the config property
/// of the same name (<c>swigluLimit</c> from <c>SwigluLimit</c>).
/// </remarks>
public interface IExpertActivation
{
    /// <summary>Experts have a gate and an up projection; without, only one, and <c>up</c> is not to be read.</summary>
    static virtual bool IsGated => true;

    /// <summary>One element of the expert's hidden row.</summary>
    float Apply(float gate, float up);

    /// <summary>The same on tensors of one shape, [R, F] each. Returns a new tensor and disposes what it made on the way.</summary>
    Tensor Apply(Tensor gate, Tensor up);
}
