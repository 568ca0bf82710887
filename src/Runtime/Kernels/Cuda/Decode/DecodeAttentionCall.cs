using static TorchSharp.torch;

namespace Moesaic.Kernels;

/// <summary>One token of each row, and all that it can see. B rows, H query heads, G key heads, d their width, S room for positions.</summary>
/// <param name="Query">[B, H, 1, d].</param>
/// <param name="Key">[B, G, 1, d].</param>
/// <param name="Value">[B, G, 1, d].</param>
/// <param name="Keys">[B, G, S, d].</param>
/// <param name="Values">[B, G, S, d].</param>
/// <param name="Position">[1] int64.</param>
internal readonly record struct DecodeAttentionCall(Tensor Query, Tensor Key, Tensor Value, Tensor Keys, Tensor Values, Tensor Position)
{
    internal RmsNorm? QueryNorm { get; init; }

    internal RmsNorm? KeyNorm { get; init; }

    internal required RotaryEmbedding Rotation { get; init; }

    /// <summary>Of the pass: it has the angles.</summary>
    internal required AttentionContext Context { get; init; }

    /// <summary>[H], or null.</summary>
    internal Tensor? Sinks { get; init; }

    internal int? Window { get; init; }

    internal double Scale { get; init; }

    internal double? ScoreCap { get; init; }
}
