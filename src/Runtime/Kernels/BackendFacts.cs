using TorchSharp;
using static TorchSharp.torch;

namespace Moesaic;

/// <summary>All that the choice of a backend depends on. What is not here cannot sway it.</summary>
/// <param name="Device">Where the weights lie.</param>
/// <param name="Dtype">The dtype of the weights and of the hidden states.</param>
/// <param name="NumExperts">E.</param>
/// <param name="HiddenSize">D.</param>
/// <param name="IntermediateSize">F.</param>
/// <param name="Activation">The name of the activation.</param>
/// <param name="Gated">Experts have a gate and an up projection.</param>
/// <param name="Bias">Both projections have a bias.</param>
/// <param name="Aligned">The weights begin at multiples of 16 bytes; mapped from a file they need not.</param>
public readonly record struct BackendFacts(
    DeviceType Device,
    ScalarType Dtype,
    int NumExperts,
    int HiddenSize,
    int IntermediateSize,
    string Activation,
    bool Gated,
    bool Bias,
    bool Aligned);
