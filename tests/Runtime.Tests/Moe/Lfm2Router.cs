using static TorchSharp.torch;

namespace Moesaic.Tests.Moe;

/// <summary>A router of an author's own: sigmoid, an epsilon that shows in the sixth digit.</summary>
internal readonly struct Lfm2Router(int topK) : IRouter
{
    public RoutingResult Route(Tensor routerLogits, Tensor? selectionBias)
    {
        using var scores = RoutingMath.Sigmoid(routerLogits);
        using var choice = RoutingMath.Biased(scores, selectionBias);
        return RoutingMath.Choose(choice, scores, topK).Renormalize(1e-6);
    }
}
