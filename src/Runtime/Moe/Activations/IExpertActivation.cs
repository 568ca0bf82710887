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
    /// <summary>Experts have a gate and an up projection; without, only one, and <c>up</c> is not to be read. Implement <see cref="IUngatedActivation"/> to say so.</summary>
    static virtual bool IsGated => true;

    /// <summary>What reports and the operator <c>moesaic::fused_experts</c> call it. One that has numbers names them too.</summary>
    string Name => GetType().Name;

    /// <summary>One element of the expert's hidden row, in float32.</summary>
    float Apply(float gate, float up);

    /// <summary>The same on tensors of one shape, [R, F] each. Returns a new tensor and disposes what it made on the way.</summary>
    /// <remarks>Computes in the dtype of its arguments, which it leaves as they are. They may be views with gaps between rows.</remarks>
    Tensor Apply(Tensor gate, Tensor up);
}
