using static TorchSharp.torch;

namespace Moesaic;

/// <summary>S[t] = exp(g[t]) · S[t - 1] + k[t]ᵀ v[t], y[t] = q[t] S[t], per head: what Mamba-2 and lightning attention compute.</summary>
/// <remarks>
/// Chunk by chunk: within a chunk as attention whose scores decay with distance, between chunks by the state.
/// https://arxiv.org/abs/2405.21060, section 6; https://arxiv.org/abs/2405.17381.
/// </remarks>
internal static class DecayedLinearAttention
{
    // Tokens computed at once: scores are 64 by 64.
    private const long Chunk = 64;

    /// <summary>Computes in float32. The dimensions before the last two are heads and rows, and broadcast.</summary>
    /// <param name="query">[…, T, K].</param>
    /// <param name="key">[…, T, K].</param>
    /// <param name="value">[…, T, V]; zero where a token is padding.</param>
    /// <param name="logDecay">g, […, T], not positive.</param>
    /// <param name="state">S before the first token, […, K, V]; null for zeros.</param>
    /// <returns>y, […, T, V], and S after the last token, […, K, V].</returns>
    internal static (Tensor Output, Tensor State) Run(Tensor query, Tensor key, Tensor value, Tensor logDecay, Tensor? state)
    {
        var outputs = new List<Tensor>();
        var total = value.shape[^2];
        for (long start = 0; start < total; start += Chunk)
        {
            var length = Math.Min(Chunk, total - start);
            var (q, k, v) = (query.narrow(-2, start, length), key.narrow(-2, start, length), value.narrow(-2, start, length));
            var decay = ChunkDecay.Of(logDecay.narrow(-1, start, length));

            var output = (q.matmul(k.transpose(-1, -2)) * decay.Within).matmul(v);
            var added = (k * decay.ToTheEnd).transpose(-1, -2).matmul(v); // […, K, V]
            if (state is not null)
            {
                output += (q * decay.FromBefore).matmul(state);
                added += state * decay.Whole;
            }

            outputs.Add(output);
            state = added;
        }

        return (cat(outputs, -2), state!);
    }
}
