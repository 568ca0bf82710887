namespace Moesaic.Checkpoints;

/// <summary>What a checkpoint keeps in place of a plain tensor.</summary>
/// <param name="Names">The tensors that belong to it.</param>
/// <param name="Tensor">How to read them; null where something is wrong with them.</param>
internal sealed record QuantizedSource(IReadOnlyList<string> Names, QuantizedTensor? Tensor)
{
    /// <summary>Those of them that count for quantized activations only.</summary>
    internal IReadOnlyList<string> Unused { get; init; } = [];
}
