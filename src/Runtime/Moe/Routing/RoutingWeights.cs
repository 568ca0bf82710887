using static TorchSharp.torch;

namespace Moesaic;

/// <summary>What happens to the weights of chosen experts. Each step changes them in place and returns the same routes.</summary>
public static class RoutingWeights
{
    // T tokens, K top-k

    /// <summary>Divides a token's weights by their sum.</summary>
    /// <param name="epsilon">Added to the sum, where the reference implementation adds one.</param>
    /// <param name="minimum">The sum is at least this, where the reference implementation bounds it.</param>
    public static RoutingResult Renormalize(this RoutingResult routes, double epsilon = 0, double minimum = 0)
    {
        using var sum = routes.TopKWeights.sum(1, keepdim: true);                  // [T, 1]
        if (epsilon != 0)
        {
            sum.add_(epsilon);
        }

        if (minimum != 0)
        {
            sum.clamp_(min: minimum);
        }

        routes.TopKWeights.div_(sum);
        return routes;
    }

    /// <summary>Divides a token's weights by their sum where the model says so, and leaves them otherwise.</summary>
    /// <param name="condition">The model says so.</param>
    /// <param name="epsilon">Added to the sum.</param>
    /// <param name="minimum">The sum is at least this.</param>
    public static RoutingResult RenormalizeIf(this RoutingResult routes, bool condition, double epsilon = 0, double minimum = 0) =>
        condition ? routes.Renormalize(epsilon, minimum) : routes;

    /// <summary>Multiplies all weights.</summary>
    public static RoutingResult Scale(this RoutingResult routes, double factor)
    {
        if (factor != 1)
        {
            routes.TopKWeights.mul_(factor);
        }

        return routes;
    }

    /// <summary>Rounds all weights to a narrower dtype, as a reference has them that computes them in it; they stay float32.</summary>
    public static RoutingResult Round(this RoutingResult routes, ScalarType dtype)
    {
        using var wide = routes.TopKWeights;
        return routes with { TopKWeights = RoutingMath.Rounded(wide, dtype) };
    }

    /// <summary>Softmax over a token's K weights, which are logits.</summary>
    public static RoutingResult Softmax(this RoutingResult routes)
    {
        using var logits = routes.TopKWeights;
        return routes with { TopKWeights = logits.softmax(1) };
    }

    /// <summary>1 / (1 + exp(−x)) of each weight, which is a logit.</summary>
    public static RoutingResult Sigmoid(this RoutingResult routes)
    {
        routes.TopKWeights.sigmoid_();
        return routes;
    }
}
