namespace Moesaic;

/// <summary>The last inputs of a causal convolution, as many as its next output looks back to: [B, C, L - 1].</summary>
public sealed class ConvolutionState : LayerState;
