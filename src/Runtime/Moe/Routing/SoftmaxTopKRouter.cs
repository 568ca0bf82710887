using static TorchSharp.torch;

namespace Moesaic;

/// <summary>Softmax over all experts, then the K best: Mixtral, Qwen, OLMoE, Jamba.</summary>
/// <param name="topK">K.</param>
/// <param name="normTopkProb">The K weights are divided by their sum.</param>
public readonly struct SoftmaxTopKRouter(int topK, bool normTopkProb) : IRouter
{
    /// <inheritdoc/>
    public RoutingResult Route(Tensor routerLogits, Tensor? selectionBias)
    {
        using var scores = RoutingMath.Softmax(routerLogits);                     // [T, E]
        using var choice = RoutingMath.Biased(scores, selectionBias);             // [T, E]
        var routes = RoutingMath.Choose(choice, scores, topK);
        return normTopkProb ? routes.Renormalize() : routes;
    }
}
