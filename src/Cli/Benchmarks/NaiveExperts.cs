using static TorchSharp.torch;

namespace Moesaic.Cli.Benchmarks;

/// <summary>What an author would write without this library: a loop over modules of three Linear each, masks and index_add.</summary>
internal sealed class NaiveExperts : IDisposable
{
    private readonly GatedMlp[] _experts;

    /// <summary>Modules over the same memory as the stacked weights.</summary>
    internal NaiveExperts(FusedExperts stacked)
    {
        _experts = [.. Enumerable.Range(0, (int)stacked.W2.size(0)).Select(_ => new GatedMlp((int)stacked.W2.size(1), (int)stacked.W2.size(2)))];
        for (var expert = 0; expert < _experts.Length; expert++)
        {
            using var w13 = stacked.W13[expert];
            var width = stacked.W2.size(2);
            Replace(_experts[expert].GateProj, w13.narrow(0, 0, width));
            Replace(_experts[expert].UpProj, w13.narrow(0, width, width));
            Replace(_experts[expert].DownProj, stacked.W2[expert]);
        }
    }

    internal Tensor Forward(Tensor hiddenStates, Tensor topKIds, Tensor topKWeights)
    {
        using var scope = NewDisposeScope();
        var result = zeros_like(hiddenStates);
        for (var expert = 0; expert < _experts.Length; expert++)
        {
            using var inner = NewDisposeScope();
            var routes = topKIds.eq(expert).nonzero();                                              // [n, 2]
            if (routes.size(0) == 0)
            {
                continue;
            }

            var (tokens, k) = (routes.select(1, 0), routes.select(1, 1));
            var output = _experts[expert].forward(hiddenStates.index_select(0, tokens));            // [n, D]
            var weights = topKWeights[tokens, k].unsqueeze(1).to(hiddenStates.dtype);
            result.index_add_(0, tokens, output.mul_(weights), 1);
        }

        return result.MoveToOuterDisposeScope();
    }

    public void Dispose() => Array.ForEach(_experts, static expert => expert.Dispose());

    private static void Replace(Linear linear, Tensor weight) => linear.Replace(linear.Parameters[0], weight);
}
