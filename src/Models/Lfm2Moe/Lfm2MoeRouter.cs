using static TorchSharp.torch;

namespace Moesaic.Models.Lfm2Moe;

/// <summary>Sigmoid of each expert, then the K best; where weights are renormalized, 1e-6 is added to their sum.</summary>
/// <param name="topK">K.</param>
/// <param name="normTopkProb">A token's weights are divided by their sum + 1e-6.</param>
/// <param name="routedScalingFactor">Multiplies the weights.</param>
public readonly struct Lfm2MoeRouter(int topK, bool normTopkProb, double routedScalingFactor) : IRouter
{
    /// <inheritdoc/>
    public RoutingResult Route(Tensor routerLogits, Tensor? selectionBias)
    {
        using var scores = RoutingMath.Sigmoid(routerLogits);
        using var choice = RoutingMath.Biased(scores, selectionBias);
        return RoutingMath.Choose(choice, scores, topK).RenormalizeIf(normTopkProb, 1e-6).Scale(routedScalingFactor);
    }
}
