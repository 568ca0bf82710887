using static TorchSharp.torch;

namespace Moesaic.Tests.Moe;

/// <summary>A router of an author's own: softmax, choice by biased scores, scaled and not renormalized.</summary>
internal readonly struct LongcatRouter(int topK, double routedScalingFactor) : IRouter
{
    public RoutingResult Route(Tensor routerLogits, Tensor? selectionBias)
    {
        using var scores = RoutingMath.Softmax(routerLogits);
        using var choice = RoutingMath.Biased(scores, selectionBias);
        return RoutingMath.Choose(choice, scores, topK).Scale(routedScalingFactor);
    }
}
