using static TorchSharp.torch;

namespace Moesaic.Tests.Moe;

/// <summary>A router of an author's own: DeepSeek-V4's scores.</summary>
internal readonly struct SqrtSoftplusRouter(int topK) : IRouter
{
    public RoutingResult Route(Tensor routerLogits, Tensor? selectionBias)
    {
        using var scores = RoutingMath.SqrtSoftplus(routerLogits);
        using var choice = RoutingMath.Biased(scores, selectionBias);
        return RoutingMath.Choose(choice, scores, topK).Renormalize();
    }
}
