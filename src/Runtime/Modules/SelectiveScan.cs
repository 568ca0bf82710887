using static TorchSharp.torch;

namespace Moesaic;

/// <summary>h[t] = exp(Δ[t] · A) · h[t - 1] + Δ[t] · x[t] · b[t], y[t] = c[t] · h[t], each channel by itself. https://arxiv.org/abs/2312.00752.</summary>
internal static class SelectiveScan
{
    // Tokens scanned at once: enough that few operations run, few enough that [B, 32, I, N] is little memory.
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
            var added = (Part(step) * Part(x)).unsqueeze(-1) * Part(write).unsqueeze(2);
            var states = Accumulate(decay, added, state);
            outputs.Add(states.matmul(Part(read).unsqueeze(-1)).squeeze(-1)); // [B, t, I]
            state = states.select(1, length - 1);
        }

        return (cat(outputs, 1), state!);
    }

    /// <summary>h of every token. After a round, each has gathered twice as many tokens as before; no product ever exceeds 1.</summary>
    private static Tensor Accumulate(Tensor decay, Tensor added, Tensor? state)
    {
        var length = decay.shape[1];
        for (long gathered = 1; gathered < length; gathered *= 2)
        {
            var later = decay.narrow(1, gathered, length - gathered);
            var fromEarlier = later * added.narrow(1, 0, length - gathered);
            added = cat([added.narrow(1, 0, gathered), added.narrow(1, gathered, length - gathered) + fromEarlier], 1);
            decay = cat([decay.narrow(1, 0, gathered), later * decay.narrow(1, 0, length - gathered)], 1);
        }

        return state is null ? added : added + (decay * state.unsqueeze(1));
    }
}
