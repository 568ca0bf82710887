using static TorchSharp.torch;

namespace Moesaic;

/// <summary>What the routed experts of a block are. D hidden, F expert width, E experts.</summary>
/// <param name="W13">[E, 2F, D], gate rows then up rows; [E, F, D] without a gate.</param>
/// <param name="W2">[E, D, F].</param>
/// <param name="W13Bias">[E, 2F], [E, F] without a gate, or null.</param>
/// <param name="W2Bias">[E, D], or null.</param>
internal readonly record struct ExpertTensors(Tensor W13, Tensor W2, Tensor? W13Bias, Tensor? W2Bias, ActivationFunction Activation);
