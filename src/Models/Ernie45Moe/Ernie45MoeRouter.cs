using static TorchSharp.torch;

namespace Moesaic.Models.Ernie45Moe;

/// <summary>Softmax over all experts, then the K best; their weights are divided by their sum, which counts as no less than a minimum.</summary>
/// <param name="topK">K.</param>
/// <param name="moeNormMin">The minimum.</param>
public readonly struct Ernie45MoeRouter(int topK, double moeNormMin) : IRouter
{
    /// <inheritdoc/>
    public RoutingResult Route(Tensor routerLogits, Tensor? selectionBias)
    {
        using var scores = RoutingMath.Softmax(routerLogits);
        using var choice = RoutingMath.Biased(scores, selectionBias);
        return RoutingMath.Choose(choice, scores, topK).Renormalize(minimum: moeNormMin);
    }
}
