namespace Moesaic;

/// <summary>What a recurrence remembers of all tokens so far, in float32. Its shape is the layer's own.</summary>
public sealed class RecurrentState : LayerState;
