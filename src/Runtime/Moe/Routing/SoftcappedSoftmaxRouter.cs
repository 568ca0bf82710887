using static TorchSharp.torch;

namespace Moesaic;

/// <summary>Softmax over logits bounded by c · tanh(x / c), then the K best: Grok-1.</summary>
/// <param name="topK">K.</param>
/// <param name="routerLogitSoftcapping">c.</param>
/// <param name="normTopkProb">A token's weights are divided by their sum.</param>
public readonly struct SoftcappedSoftmaxRouter(int topK, double routerLogitSoftcapping, bool normTopkProb) : IRuledRouter
{
    /// <inheritdoc/>
    public RoutingRule Rule => new(topK, RoutingScores.Softmax) { Softcap = (float)routerLogitSoftcapping, Renormalize = normTopkProb ? 1 : 0 };

    /// <inheritdoc/>
    public RoutingResult Route(Tensor routerLogits, Tensor? selectionBias)
    {
        using var capped = RoutingMath.Softcap(routerLogits, routerLogitSoftcapping);
        return new SoftmaxTopKRouter(topK, normTopkProb).Route(capped, selectionBias);
    }
}
