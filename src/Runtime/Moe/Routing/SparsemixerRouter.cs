using static TorchSharp.torch;

namespace Moesaic;

/// <summary>Two experts, chosen one after the other, each weighed against those that come near it: PhiMoE. https://arxiv.org/abs/2310.00811.</summary>
/// <remarks>
/// With t the largest of the scores left, an expert x competes if (t − x) / max(|x|, t) ≤ 2ε; the winner's weight is its softmax
/// among the competitors. The two weights need not sum to 1. What the reference implementation computes at inference.
/// </remarks>
/// <param name="topK">K, which is 2.</param>
/// <param name="routerJitterNoise">ε, 0.01 in the released models.</param>
public readonly struct SparsemixerRouter(int topK, double routerJitterNoise) : IUnbiasedRouter
{
    // T tokens, E experts

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">K is not 2, there are fewer than two experts, or a bias, which this router has no place for.</exception>
    public RoutingResult Route(Tensor routerLogits, Tensor? selectionBias)
    {
        if (topK != 2 || selectionBias is not null || routerLogits.size(1) < 2)
        {
            throw new ArgumentException($"sparsemixer chooses 2 of {routerLogits.size(1)} experts: expected topK 2, two experts or more, and no selection bias");
        }

        using var scope = NewDisposeScope();
        var scores = routerLogits.to(ScalarType.Float32);                                   // [T, E]
        var (firstId, firstWeight) = Round(scores, scores, 2 * routerJitterNoise);          // [T, 1]
        var left = scores.scatter(1, firstId, full_like(firstWeight, float.NegativeInfinity));
        var (secondId, secondWeight) = Round(scores, left, 2 * routerJitterNoise);
        return new(
            cat([firstId, secondId], 1).to(ScalarType.Int32).MoveToOuterDisposeScope(),
            cat([firstWeight, secondWeight], 1).MoveToOuterDisposeScope());
    }

    /// <summary>The best of those left, and its weight. The distance is that of the scores, so that −∞ of an earlier winner stays out of it.</summary>
    private static (Tensor Id, Tensor Weight) Round(Tensor scores, Tensor left, double threshold)
    {
        var order = left.sort(1, descending: true, stable: true).Indices;                   // [T, E]
        var id = order.narrow(1, 0, 1);                                                     // [T, 1]
        var best = left.gather(1, id);                                                      // [T, 1]
        var far = (best - scores) / maximum(scores.abs(), best) > threshold;                // [T, E]; 0 / 0 is NaN, which is not far
        var weights = left.masked_fill(far, float.NegativeInfinity).softmax(1);             // [T, E]
        return (id, weights.gather(1, id));
    }
}
