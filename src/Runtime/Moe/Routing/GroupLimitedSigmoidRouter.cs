using static TorchSharp.torch;

namespace Moesaic;

/// <summary>Sigmoid of each expert, then the K best within the best groups: DeepSeek-V3. https://arxiv.org/abs/2412.19437, 2.1.2.</summary>
/// <remarks>A group counts as much as its two best experts, bias included; weights are scores without bias.</remarks>
/// <param name="topK">K.</param>
/// <param name="numExpertGroups">Groups of consecutive experts.</param>
/// <param name="topkGroup">Groups a token may choose from.</param>
/// <param name="normTopkProb">A token's weights are divided by their sum + 1e-20.</param>
/// <param name="routedScalingFactor">Multiplies the weights; 1 for none.</param>
public readonly struct GroupLimitedSigmoidRouter(int topK, int numExpertGroups, int topkGroup, bool normTopkProb, double routedScalingFactor) : IRuledRouter
{
    /// <inheritdoc/>
    public RoutingRule Rule => new(topK, RoutingScores.Sigmoid)
    {
        Groups = numExpertGroups,
        TopkGroup = topkGroup,
        GroupBest = 2,
        Renormalize = normTopkProb ? 1 : 0,
        Epsilon = 1e-20f,
        Factor = (float)routedScalingFactor,
    };

    /// <inheritdoc/>
    public RoutingResult Route(Tensor routerLogits, Tensor? selectionBias)
    {
        using var scores = RoutingMath.Sigmoid(routerLogits);
        using var biased = RoutingMath.Biased(scores, selectionBias);
        using var choice = RoutingMath.KeepBestGroups(biased, numExpertGroups, topkGroup, best: 2);
        return RoutingMath.Choose(choice, scores, topK).RenormalizeIf(normTopkProb, 1e-20).Scale(routedScalingFactor);
    }
}
