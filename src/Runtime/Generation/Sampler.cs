using static TorchSharp.torch;

namespace Moesaic.Generation;

/// <summary>Chooses the next token from logits: the likeliest, or a draw (temperature, then top-k, then top-p).</summary>
/// <param name="options">How to choose.</param>
public sealed class Sampler(GenerationOptions options)
{
    private readonly Random _random = options.Seed is { } seed ? new(seed) : new();

    /// <summary>The likeliest token is the next, whatever the others are.</summary>
    internal bool IsGreedy => options.Temperature <= 0;

    /// <summary>Chooses from one row of logits, [V].</summary>
    /// <exception cref="GenerationException">A logit is NaN.</exception>
    public int Next(Tensor logits)
    {
        using var scope = NewDisposeScope();
        var (largest, index) = logits.max(0); // NaN wins over every number
        Check(largest.to(float32).item<float>());
        return IsGreedy ? (int)index.item<long>() : Draw(logits.to(float32).cpu().data<float>().ToArray());
    }

    /// <summary>Refuses logits of which the largest is no number.</summary>
    internal static void Check(double largest)
    {
        if (!double.IsFinite(largest))
        {
            throw new GenerationException(
                "the model's logits are NaN or infinite: expected finite numbers; check the checkpoint's weights, or try --dtype float32");
        }
    }

    private int Draw(float[] logits)
    {
        var ids = new int[logits.Length];
        for (var i = 0; i < ids.Length; i++)
        {
            ids[i] = i;
        }

        // Likeliest first; equal logits in the order of their ids, so that a seed means the same text everywhere.
        Array.Sort(ids, (a, b) => logits[a] != logits[b] ? logits[b].CompareTo(logits[a]) : a.CompareTo(b));
        var kept = Math.Clamp(options.TopK ?? ids.Length, 1, ids.Length);
        var weights = new double[kept];
        var sum = 0.0;
        for (var i = 0; i < kept; i++)
        {
            weights[i] = Math.Exp((logits[ids[i]] - logits[ids[0]]) / options.Temperature);
            sum += weights[i];
        }

        if (options.TopP is { } topP)
        {
            (kept, sum) = Nucleus(weights, kept, topP * sum);
        }

        var point = _random.NextDouble() * sum;
        for (var i = 0; i < kept - 1; i++)
        {
            point -= weights[i];
            if (point < 0)
            {
                return ids[i];
            }
        }

        return ids[kept - 1];
    }

    /// <summary>The fewest of the likeliest that reach <paramref name="mass"/>; at least one.</summary>
    private static (int Kept, double Sum) Nucleus(double[] weights, int count, double mass)
    {
        var sum = 0.0;
        for (var i = 0; i < count; i++)
        {
            sum += weights[i];
            if (sum >= mass)
            {
                return (i + 1, sum);
            }
        }

        return (count, sum);
    }
}
