using Moesaic.Kernels;
using Moesaic.Kernels.Cpu;
using static TorchSharp.torch;

namespace Moesaic;

/// <summary>An activation as kernels on tensors see it.</summary>
/// <param name="Name">What reports and the operator call it.</param>
/// <param name="Gated">It takes gate and up; else only one of them.</param>
/// <param name="Apply">From rows of the first projection, [R, 2F] or [R, F] without a gate, to a new [R, F].</param>
/// <param name="Rows">The same on pieces of rows in float32.</param>
internal sealed record ActivationFunction(string Name, bool Gated, Func<Tensor, Tensor> Apply, ActivationRows Rows)
{
    /// <summary>The same in kernels on a GPU; null where no kernel can have it.</summary>
    internal DeviceActivation? Device { get; init; }
}
