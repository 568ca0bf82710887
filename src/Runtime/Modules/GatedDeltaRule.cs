using static TorchSharp.torch;

namespace Moesaic;

/// <summary>S[t] = exp(g[t]) · S[t - 1] + k[t]ᵀ β[t] (v[t] - k[t] exp(g[t]) S[t - 1]), y[t] = q[t] S[t], per head.</summary>
/// <remarks>
/// Each token replaces what the state holds for its key. Chunk by chunk: what the tokens of a chunk replace of each other is a
/// triangular system, solved at once. https://arxiv.org/abs/2412.06464.
/// </remarks>
internal static class GatedDeltaRule
{
    // Tokens computed at once: the system is 64 by 64.
    private const long Chunk = 64;

    /// <summary>Computes in float32. The dimensions before the last two are heads and rows, and broadcast.</summary>
    /// <param name="query">[…, T, K].</param>
    /// <param name="key">[…, T, K]; zero where a token is padding.</param>
    /// <param name="value">[…, T, V].</param>
    /// <param name="logDecay">g, […, T], not positive.</param>
    /// <param name="beta">How much of what the state holds is replaced, […, T].</param>
    /// <param name="state">S before the first token, […, K, V]; null for zeros.</param>
    /// <returns>y, […, T, V], and S after the last token, […, K, V].</returns>
    internal static (Tensor Output, Tensor State) Run(Tensor query, Tensor key, Tensor value, Tensor logDecay, Tensor beta, Tensor? state)
    {
        var outputs = new List<Tensor>();
        var total = value.shape[^2];
        for (long start = 0; start < total; start += Chunk)
        {
            var length = Math.Min(Chunk, total - start);
            var (q, k, v) = (query.narrow(-2, start, length), key.narrow(-2, start, length), value.narrow(-2, start, length));
            var decay = ChunkDecay.Of(logDecay.narrow(-1, start, length));
            var share = beta.narrow(-1, start, length).unsqueeze(-1); // […, t, 1]
            var keys = k.transpose(-1, -2);

            var held = state is null ? null : (k * decay.FromBefore).matmul(state); // What the state holds for each key, […, t, V].
            var wanted = (held is null ? v : v - held) * share;
            var system = (k.matmul(keys) * decay.Within * share).tril(-1); // […, t, t]
            var replaced = length == 1 ? wanted : linalg.solve_triangular(system, wanted, upper: false, unitriangular: true);

            var output = (q.matmul(keys) * decay.Within).matmul(replaced);
            var added = (k * decay.ToTheEnd).transpose(-1, -2).matmul(replaced);
            outputs.Add(state is null ? output : output + (q * decay.FromBefore).matmul(state));
            state = state is null ? added : added + (state * decay.Whole);
        }

        return (cat(outputs, -2), state!);
    }
}
