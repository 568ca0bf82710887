namespace Moesaic.Kernels.Cpu;

/// <summary>What the vector kernel works on. T tokens, D hidden, F expert width, R rows.</summary>
/// <param name="Rows">The routes, sorted.</param>
/// <param name="Experts">Of each of the experts with few rows, in that order.</param>
/// <param name="W13Bias">[E, 2F] or [E, F].</param>
/// <param name="W2Bias">[E, D].</param>
/// <param name="WeightBytes">Of one expert, about.</param>
internal sealed record StreamedCall(
    ExpertRows Rows, ExpertMatrices[] Experts, int HiddenSize, int IntermediateSize, ActivationRows Activation, bool Gated, BiasValues W13Bias, BiasValues W2Bias,
    long WeightBytes);
