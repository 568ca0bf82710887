using static TorchSharp.torch;

namespace Moesaic;

/// <summary>Softmax over all experts, then the K best: Mixtral, Qwen, OLMoE, Jamba, DeepSeek-V2-Lite.</summary>
/// <param name="topK">K.</param>
/// <param name="normTopkProb">A token's weights are divided by their sum.</param>
public readonly struct SoftmaxTopKRouter(int topK, bool normTopkProb) : IRuledRouter
{
    /// <inheritdoc/>
    public RoutingRule Rule => new(topK, RoutingScores.Softmax) { Renormalize = normTopkProb ? 1 : 0 };

    /// <inheritdoc/>
    public RoutingResult Route(Tensor routerLogits, Tensor? selectionBias)
    {
        using var scores = RoutingMath.Softmax(routerLogits);
        using var choice = RoutingMath.Biased(scores, selectionBias);
        return RoutingMath.Choose(choice, scores, topK).RenormalizeIf(normTopkProb);
    }
}
