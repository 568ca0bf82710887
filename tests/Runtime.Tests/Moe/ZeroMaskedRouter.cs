using static TorchSharp.torch;

namespace Moesaic.Tests.Moe;

/// <summary>A router of an author's own: groups as DeepSeek-V3 has them, dropped experts masked by 0 and not by −∞.</summary>
internal readonly struct ZeroMaskedRouter(int topK, int numExpertGroups, int topkGroup, double routedScalingFactor) : IRouter
{
    public RoutingResult Route(Tensor routerLogits, Tensor? selectionBias)
    {
        using var scores = RoutingMath.Sigmoid(routerLogits);
        using var biased = RoutingMath.Biased(scores, selectionBias);
        using var choice = RoutingMath.KeepBestGroups(biased, numExpertGroups, topkGroup, best: 2, mask: 0);
        return RoutingMath.Choose(choice, scores, topK).Renormalize().Scale(routedScalingFactor);
    }
}
