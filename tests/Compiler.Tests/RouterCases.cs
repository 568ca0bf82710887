namespace Moesaic.Kernels.Tests;

/// <summary>Every router that a kernel can run.</summary>
internal static class RouterCases
{
    internal static readonly Dictionary<string, IRuledRouter> All = new()
    {
        ["softmax, top K"] = new SoftmaxTopKRouter(8, normTopkProb: true),
        ["softmax, top K, not renormalized"] = new SoftmaxTopKRouter(8, normTopkProb: false),
        ["soft-capped softmax"] = new SoftcappedSoftmaxRouter(2, 30, normTopkProb: false),
        ["top K, softmax"] = new TopKSoftmaxRouter(4),
        ["top K, sigmoid"] = new TopKSigmoidRouter(1),
        ["sigmoid, top K"] = new SigmoidTopKRouter(8, normTopkProb: true, 2.5),
        ["groups, sigmoid"] = new GroupLimitedSigmoidRouter(6, 8, 4, normTopkProb: true, 2.5),
        ["groups, softmax"] = new GroupLimitedSoftmaxRouter(6, 8, 3, 16),
    };

    internal static bool TakesBias(string name) => name.Contains("sigmoid", StringComparison.Ordinal);
}
