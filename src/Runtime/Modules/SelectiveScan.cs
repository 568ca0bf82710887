using static TorchSharp.torch;

namespace Moesaic;

/// <summary>h[t] = exp(Δ[t] · A) · h[t - 1] + Δ[t] · x[t] · b[t], y[t] = c[t] · h[t], each channel by itself. https://arxiv.org/abs/2312.00752.</summary>
internal static class SelectiveScan
{
    // Tokens prepared at once: [B, 32, I, N] is little memory.
    private const long Chunk = 32;

    /// <summary>Scans, in float32.</summary>
    /// <param name="x">[B, T, I]; zero where a token is padding.</param>
    /// <param name="step">Δ, [B, T, I].</param>
    /// <param name="a">[I, N], negative.</param>
    /// <param name="write">b, [B, T, N].</param>
    /// <param name="read">c, [B, T, N].</param>
    /// <param name="state">h before the first token, [B, I, N]; null for zeros.</param>
    /// <returns>y, [B, T, I], and h after the last token, [B, I, N].</returns>
    internal static (Tensor Output, Tensor State) Run(Tensor x, Tensor step, Tensor a, Tensor write, Tensor read, Tensor? state)
    {
        var outputs = new List<Tensor>();
        for (long start = 0; start < x.shape[1]; start += Chunk)
        {
            var length = Math.Min(Chunk, x.shape[1] - start);
            Tensor Part(Tensor tensor) => tensor.narrow(1, start, length);

            var decay = (Part(step).unsqueeze(-1) * a).exp(); // [B, t, I, N]
            var states = (Part(step) * Part(x)).unsqueeze(-1) * Part(write).unsqueeze(2); // What each token adds; then h.
            for (var i = 0; i < length; i++)
            {
                var added = states.select(1, i); // [B, I, N]
                state = state is null ? added : added.addcmul_(decay.select(1, i), state, 1);
            }

            outputs.Add(states.matmul(Part(read).unsqueeze(-1)).squeeze(-1)); // [B, t, I]
        }

        return (cat(outputs, 1), state!);
    }
}
