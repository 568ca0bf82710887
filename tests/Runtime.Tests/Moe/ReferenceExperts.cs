namespace Moesaic.Tests.Moe;

/// <summary>The experts once more, in plain loops over doubles: nothing of libtorch, nothing shared with what is tested.</summary>
internal static class ReferenceExperts
{
    // T tokens, D hidden, F expert width, E experts, K top-k
    internal static double[,] Run(
        double[,] x, int[,] ids, double[,] weights, double[,,] w13, double[,,] w2, double[,]? w13Bias, double[,]? w2Bias,
        bool gated, Func<double, double, double> activation)
    {
        var (tokens, hidden, topK, width) = (x.GetLength(0), x.GetLength(1), ids.GetLength(1), w2.GetLength(2));
        var result = new double[tokens, hidden];
        for (var t = 0; t < tokens; t++)
        {
            for (var k = 0; k < topK; k++)
            {
                var e = ids[t, k];
                var h = new double[width];
                for (var f = 0; f < width; f++)
                {
                    var gate = Dot(w13, e, f, d => x[t, d], hidden) + (w13Bias?[e, f] ?? 0);
                    var up = gated ? Dot(w13, e, width + f, d => x[t, d], hidden) + (w13Bias?[e, width + f] ?? 0) : 0;
                    h[f] = activation(gate, up);
                }

                for (var d = 0; d < hidden; d++)
                {
                    result[t, d] += weights[t, k] * (Dot(w2, e, d, f => h[f], width) + (w2Bias?[e, d] ?? 0));
                }
            }
        }

        return result;
    }

    private static double Dot(double[,,] matrix, int expert, int row, Func<int, double> column, int length)
    {
        var sum = 0.0;
        for (var i = 0; i < length; i++)
        {
            sum += matrix[expert, row, i] * column(i);
        }

        return sum;
    }
}
