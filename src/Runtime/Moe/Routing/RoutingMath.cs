using static TorchSharp.torch;

namespace Moesaic;

/// <summary>The steps that routers are made of. Each returns new tensors, in float32; none changes its arguments.</summary>
/// <remarks>
/// score (softmax, sigmoid) → bias, groups (move the choice) → choose (ids by choice, weights by score) → renormalize → scale.
/// A router of one's own is a few of these lines.
/// </remarks>
public static class RoutingMath
{
    // T tokens, E experts, K top-k

    /// <summary>exp(x) / Σ exp(x) over all experts, in float32. [T, E].</summary>
    public static Tensor Softmax(Tensor routerLogits) => routerLogits.softmax(1, ScalarType.Float32);

    /// <summary>Scores plus bias, for choosing only. [T, E].</summary>
    /// <param name="selectionBias">E elements, of any shape; null for none.</param>
    public static Tensor Biased(Tensor scores, Tensor? selectionBias)
    {
        if (selectionBias is null)
        {
            return scores.alias();
        }

        using var row = selectionBias.reshape(1, -1);
        return scores + row;
    }

    /// <summary>The K experts that <paramref name="choice"/> puts first, with their <paramref name="scores"/> as weights.</summary>
    /// <param name="choice">[T, E].</param>
    /// <param name="scores">[T, E].</param>
    /// <remarks>Best first; of equals the lowest id, whatever the number of tokens: libtorch's topk promises no order of equals.</remarks>
    /// <exception cref="ArgumentException">K is not between 1 and E.</exception>
    public static RoutingResult Choose(Tensor choice, Tensor scores, int topK)
    {
        if (topK < 1 || topK > choice.size(1))
        {
            throw new ArgumentException($"topK is {topK}: expected 1 to {choice.size(1)}, the number of experts");
        }

        var (values, order) = choice.sort(1, descending: true, stable: true);     // [T, E]
        using (values)
        using (order)
        {
            using var ids = order.narrow(1, 0, topK);                             // [T, K] int64
            return new(ids.to(ScalarType.Int32), scores.gather(1, ids));
        }
    }

    /// <summary>Divides each token's weights by their sum, in place.</summary>
    /// <param name="epsilon">Added to the sum, where the reference implementation adds one.</param>
    public static RoutingResult Renormalize(this RoutingResult routes, double epsilon = 0)
    {
        using var sum = routes.TopKWeights.sum(1, keepdim: true);                 // [T, 1]
        if (epsilon != 0)
        {
            sum.add_(epsilon);
        }

        routes.TopKWeights.div_(sum);
        return routes;
    }
}
