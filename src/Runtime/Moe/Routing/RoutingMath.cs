using static TorchSharp.torch;

namespace Moesaic;

/// <summary>The steps that routers are made of. Each returns a new tensor, in float32, and leaves its arguments as they are.</summary>
/// <remarks>
/// scores (softmax, sigmoid, …) → bias and groups (move the choice) → <see cref="Choose"/> (ids by choice, weights by score) →
/// <see cref="RoutingWeights.Renormalize"/> → <see cref="RoutingWeights.Scale"/>. A router of one's own is a few of these lines.
/// </remarks>
public static class RoutingMath
{
    // T tokens, E experts, K top-k, G groups of E / G experts

    /// <summary>exp(x) / Σ exp(x) over all experts. [T, E].</summary>
    public static Tensor Softmax(Tensor routerLogits) => routerLogits.softmax(1, ScalarType.Float32);

    /// <summary>1 / (1 + exp(−x)), each expert for itself. [T, E].</summary>
    public static Tensor Sigmoid(Tensor routerLogits)
    {
        using var wide = routerLogits.to(ScalarType.Float32);
        return wide.sigmoid();
    }

    /// <summary>√(ln(1 + exp(x))), each expert for itself. [T, E].</summary>
    public static Tensor SqrtSoftplus(Tensor routerLogits)
    {
        using var wide = routerLogits.to(ScalarType.Float32);
        using var softplus = wide.softplus();
        return softplus.sqrt();
    }

    /// <summary>c · tanh(x / c): logits bounded by ±c. [T, E].</summary>
    public static Tensor Softcap(Tensor routerLogits, double softcap)
    {
        using var wide = routerLogits.to(ScalarType.Float32);
        using var tanh = wide.div(softcap).tanh_();
        return tanh.mul(softcap);
    }

    /// <summary>Scores as a reference has them that computes them in a narrower dtype: rounded to it, in float32 again. [T, E].</summary>
    public static Tensor Rounded(Tensor scores, ScalarType dtype)
    {
        using var narrow = scores.to(dtype);
        return narrow.to(ScalarType.Float32);
    }

    /// <summary>Scores plus bias, for choosing only. [T, E].</summary>
    /// <param name="selectionBias">E numbers, of any shape; null for none.</param>
    public static Tensor Biased(Tensor scores, Tensor? selectionBias)
    {
        if (selectionBias is null)
        {
            return scores.alias();
        }

        using var row = selectionBias.reshape(1, -1);
        return scores + row;
    }

    /// <summary>−∞ for experts outside of each token's best groups. [T, E].</summary>
    /// <param name="choice">[T, E].</param>
    /// <param name="numExpertGroups">G: consecutive experts form a group.</param>
    /// <param name="topkGroup">Groups that a token keeps; of equals the first.</param>
    /// <param name="best">A group's score is the sum of its best ones, so many of them.</param>
    /// <param name="mask">What a dropped expert gets. 0 only where a model was trained so: a kept expert whose biased score is negative then loses to dropped ones.</param>
    /// <exception cref="ArgumentException">The groups do not divide the experts, or fewer than <paramref name="topkGroup"/> are there.</exception>
    public static Tensor KeepBestGroups(Tensor choice, int numExpertGroups, int topkGroup, int best, double mask = double.NegativeInfinity)
    {
        var (tokens, experts) = (choice.size(0), choice.size(1));
        if (numExpertGroups < 1 || experts % numExpertGroups != 0 || best > experts / numExpertGroups || topkGroup < 1 || topkGroup > numExpertGroups)
        {
            throw new ArgumentException(
                $"{topkGroup} of {numExpertGroups} groups, scored by their best {best}: expected groups of equal size among {experts} experts, and no more than there are");
        }

        using var scope = NewDisposeScope();
        var grouped = choice.reshape(tokens, numExpertGroups, experts / numExpertGroups);       // [T, G, E / G]
        var groupScores = grouped.topk(best, 2).values.sum(2);                                  // [T, G]
        var kept = Best(groupScores, topkGroup);                                                // [T, topkGroup]
        var dropped = ones(tokens, numExpertGroups, dtype: ScalarType.Bool, device: choice.device)
            .scatter_(1, kept, zeros_like(kept, dtype: ScalarType.Bool));                       // [T, G]
        return grouped.masked_fill(dropped.unsqueeze(2), mask)
            .reshape(tokens, experts).MoveToOuterDisposeScope();
    }

    /// <summary>The K experts that <paramref name="choice"/> puts first, with their <paramref name="scores"/> as weights.</summary>
    /// <param name="choice">[T, E].</param>
    /// <param name="scores">[T, E] float32.</param>
    /// <remarks>Best first; of equals the lowest id first, always.</remarks>
    /// <exception cref="ArgumentException">K is not between 1 and E.</exception>
    public static RoutingResult Choose(Tensor choice, Tensor scores, int topK)
    {
        if (topK < 1 || topK > choice.size(1))
        {
            throw new ArgumentException($"topK is {topK}: expected 1 to {choice.size(1)}, the number of experts");
        }

        using var ids = Best(choice, topK);                                                     // [T, K] int64
        return new(ids.to(ScalarType.Int32), scores.gather(1, ids));
    }

    /// <summary>Positions of the largest of each row, largest first: a stable sort, since topk promises no order of equals.</summary>
    private static Tensor Best(Tensor rows, int count)
    {
        var (values, order) = rows.sort(1, descending: true, stable: true);
        using (values)
        using (order)
        {
            return order.narrow(1, 0, count);
        }
    }
}
