using static TorchSharp.torch;

namespace Moesaic;

/// <summary>Softmax over all experts, then the K best within the best groups: DeepSeek-V2. https://arxiv.org/abs/2405.04434, 2.2.2.</summary>
/// <remarks>A group counts as much as its best expert. Weights are never renormalized, whatever the config says.</remarks>
/// <param name="topK">K.</param>
/// <param name="numExpertGroups">Groups of consecutive experts.</param>
/// <param name="topkGroup">Groups a token may choose from.</param>
/// <param name="routedScalingFactor">Multiplies the weights; 1 for none.</param>
public readonly struct GroupLimitedSoftmaxRouter(int topK, int numExpertGroups, int topkGroup, double routedScalingFactor) : IRuledRouter
{
    /// <inheritdoc/>
    public RoutingRule Rule => new(topK, RoutingScores.Softmax) { Groups = numExpertGroups, TopkGroup = topkGroup, Factor = (float)routedScalingFactor };

    /// <inheritdoc/>
    public RoutingResult Route(Tensor routerLogits, Tensor? selectionBias)
    {
        using var scores = RoutingMath.Softmax(routerLogits);
        using var biased = RoutingMath.Biased(scores, selectionBias);
        using var choice = RoutingMath.KeepBestGroups(biased, numExpertGroups, topkGroup, best: 1);
        return RoutingMath.Choose(choice, scores, topK).Scale(routedScalingFactor);
    }
}
