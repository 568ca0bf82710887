using static TorchSharp.torch;

namespace Moesaic;

/// <summary>What a kernel works on that routes by itself. T tokens, D hidden, E experts.</summary>
/// <param name="HiddenStates">[T, D].</param>
/// <param name="RouterLogits">[T, E].</param>
/// <param name="SelectionBias">[E], or null.</param>
internal readonly record struct RoutedCall(Tensor HiddenStates, Tensor RouterLogits, Tensor? SelectionBias, RoutingRule Rule, ExpertTensors Experts);
