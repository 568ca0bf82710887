using static TorchSharp.torch;

namespace Moesaic.Tests.Moe;

/// <summary>A router of an author's own: softmax, choice by biased scores, the sum bounded from below.</summary>
internal readonly struct ErnieRouter(int topK) : IRouter
{
    public RoutingResult Route(Tensor routerLogits, Tensor? selectionBias)
    {
        using var scores = RoutingMath.Softmax(routerLogits);
        using var choice = RoutingMath.Biased(scores, selectionBias);
        return RoutingMath.Choose(choice, scores, topK).Renormalize(minimum: 1e-12);
    }
}
