using Moesaic;
using static TorchSharp.torch;

namespace CustomArchitecture;

/// <summary>Softmax over all experts at a temperature, then the K best; their weights stay as they are.</summary>
/// <param name="topK">K.</param>
/// <param name="routerTemperature">Logits are divided by it.</param>
public readonly struct TemperedSoftmaxRouter(int topK, double routerTemperature) : IRouter
{
    /// <inheritdoc/>
    public RoutingResult Route(Tensor routerLogits, Tensor? selectionBias)
    {
        using var tempered = routerLogits / routerTemperature; // [T, E]
        using var scores = RoutingMath.Softmax(tempered);
        return RoutingMath.Choose(scores, scores, topK);
    }
}
