using static TorchSharp.torch;

namespace Moesaic;

/// <summary>What a kernel works on. T tokens, D hidden, K top-k.</summary>
/// <param name="HiddenStates">[T, D].</param>
/// <param name="TopKIds">[T, K] int32.</param>
/// <param name="TopKWeights">[T, K] float32.</param>
internal readonly record struct ExpertsCall(Tensor HiddenStates, Tensor TopKIds, Tensor TopKWeights, ExpertTensors Experts);
