using static TorchSharp.torch;

namespace Moesaic;

/// <summary>The K best logits, then the sigmoid of each: Llama 4, which multiplies an expert's input by it.</summary>
/// <param name="topK">K.</param>
public readonly struct TopKSigmoidRouter(int topK) : IRuledRouter
{
    /// <inheritdoc/>
    public RoutingRule Rule => new(topK, RoutingScores.Logits) { ChosenScores = RoutingScores.Sigmoid };

    /// <inheritdoc/>
    public RoutingResult Route(Tensor routerLogits, Tensor? selectionBias)
    {
        using var logits = routerLogits.to(ScalarType.Float32);
        using var choice = RoutingMath.Biased(logits, selectionBias);
        return RoutingMath.Choose(choice, logits, topK).Sigmoid();
    }
}
