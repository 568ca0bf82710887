using static TorchSharp.torch;

namespace Moesaic;

/// <summary>The K best logits, then softmax over those K: gpt-oss, Granite, Aria.</summary>
/// <remarks>Without a bias the same as softmax, K best and renormalization, up to rounding.</remarks>
/// <param name="topK">K.</param>
public readonly struct TopKSoftmaxRouter(int topK) : IRuledRouter
{
    /// <inheritdoc/>
    public RoutingRule Rule => new(topK, RoutingScores.Logits) { ChosenScores = RoutingScores.Softmax };

    /// <inheritdoc/>
    public RoutingResult Route(Tensor routerLogits, Tensor? selectionBias)
    {
        using var logits = routerLogits.to(ScalarType.Float32);
        using var choice = RoutingMath.Biased(logits, selectionBias);
        return RoutingMath.Choose(choice, logits, topK).Softmax();
    }
}
