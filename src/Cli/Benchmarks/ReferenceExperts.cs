using static TorchSharp.torch;

namespace Moesaic.Cli.Benchmarks;

/// <summary>SwiGLU experts one by one, every step in a wide dtype: what is right.</summary>
internal static class ReferenceExperts
{
    /// <param name="weights">[2F, D] and [D, F] of an expert.</param>
    /// <returns>[T, D].</returns>
    internal static Tensor Run(RoutedTokens tokens, LayerShape shape, ScalarType wide, Func<int, (Tensor W13, Tensor W2)> weights)
    {
        using var scope = NewDisposeScope();
        var x = tokens.HiddenStates.to(wide);
        var sum = zeros_like(x);
        for (var expert = 0; expert < shape.NumExperts; expert++)
        {
            using var inner = NewDisposeScope();
            var routes = tokens.TopKIds.eq(expert).nonzero();
            if (routes.size(0) == 0)
            {
                continue;
            }

            var (rows, k) = (routes.select(1, 0), routes.select(1, 1));
            var (w13, w2) = weights(expert);
            var w13Rows = x.index_select(0, rows).mm(w13.to(wide).t());
            var hidden = w13Rows.narrow(1, 0, shape.IntermediateSize).silu() * w13Rows.narrow(1, shape.IntermediateSize, shape.IntermediateSize);
            var output = hidden.mm(w2.to(wide).t());
            sum.index_add_(0, rows, output * tokens.TopKWeights[rows, k].unsqueeze(1), 1);
        }

        return sum.MoveToOuterDisposeScope();
    }
}
