using static TorchSharp.torch;

namespace Moesaic;

/// <summary>Sigmoid of each expert, then the K best: MiniMax-M2, AFMoE, Kimi-K2, and DeepSeek-V3's family where it has one group.</summary>
/// <param name="topK">K.</param>
/// <param name="normTopkProb">A token's weights are divided by their sum + 1e-20, as DeepSeek-V3 does.</param>
/// <param name="routedScalingFactor">Multiplies the weights; 1 for none.</param>
public readonly struct SigmoidTopKRouter(int topK, bool normTopkProb, double routedScalingFactor) : IRuledRouter
{
    /// <inheritdoc/>
    public RoutingRule Rule => new(topK, RoutingScores.Sigmoid)
    {
        Renormalize = normTopkProb ? 1 : 0,
        Epsilon = 1e-20f,
        Factor = (float)routedScalingFactor,
    };

    /// <inheritdoc/>
    public RoutingResult Route(Tensor routerLogits, Tensor? selectionBias)
    {
        using var scores = RoutingMath.Sigmoid(routerLogits);
        using var choice = RoutingMath.Biased(scores, selectionBias);
        return RoutingMath.Choose(choice, scores, topK).RenormalizeIf(normTopkProb, 1e-20).Scale(routedScalingFactor);
    }
}
