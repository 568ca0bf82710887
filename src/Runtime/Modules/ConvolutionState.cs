namespace Moesaic;

/// <summary>The last inputs of a causal convolution, as many as its next output looks back to: [B, L - 1, C].</summary>
public sealed class ConvolutionState : LayerState;
