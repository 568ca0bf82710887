using static TorchSharp.torch;

namespace Moesaic;

/// <summary>What a kernel works on. T tokens, D hidden, F expert width, E experts, K top-k.</summary>
/// <param name="HiddenStates">[T, D].</param>
/// <param name="TopKIds">[T, K] int32.</param>
/// <param name="TopKWeights">[T, K] float32.</param>
/// <param name="W13">[E, 2F, D], gate rows then up rows; [E, F, D] without a gate.</param>
/// <param name="W2">[E, D, F].</param>
/// <param name="W13Bias">[E, 2F], [E, F] without a gate, or null.</param>
/// <param name="W2Bias">[E, D], or null.</param>
/// <param name="Activate">From rows of the first projection, [R, 2F] or [R, F], to a new [R, F].</param>
internal readonly record struct ExpertsCall(
    Tensor HiddenStates,
    Tensor TopKIds,
    Tensor TopKWeights,
    Tensor W13,
    Tensor W2,
    Tensor? W13Bias,
    Tensor? W2Bias,
    Func<Tensor, Tensor> Activate);
