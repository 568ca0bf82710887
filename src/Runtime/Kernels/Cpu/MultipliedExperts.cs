using Moesaic.Native;
using static TorchSharp.torch;

namespace Moesaic.Kernels.Cpu;

/// <summary>Experts with many rows: libtorch's matrix products, which use instructions that .NET has not; the rest is ours.</summary>
/// <remarks>
/// A product is computed as weights · rowsᵀ: libtorch brings its second factor into another order first, and the rows are the smaller one.
/// Each thread takes whole experts where there are enough, so that no thread waits for another within an expert. Projections and
/// activation are rounded to the dtype of the weights.
/// </remarks>
internal static unsafe class MultipliedExperts
{
    // Experts for each thread, so that the last of them do not leave threads idle for long.
    private const int ExpertsPerThread = 3;

    /// <summary>[rows of experts with many, D]; null where there are none.</summary>
    internal static Tensor? Run(VectorKernel kernel, StreamedCall call, Tensor x, ExpertTensors experts)
    {
        var spans = call.Rows.WithMany;
        if (spans.Length == 0)
        {
            return null;
        }

        var outputs = empty([call.Rows.Tokens.Length - call.Rows.FewCount, call.HiddenSize], dtype: x.dtype);
        var bytes = call.WeightBytes * spans.Length;
        if (spans.Length >= ExpertsPerThread * get_num_threads())
        {
            var largestFirst = spans.OrderByDescending(static span => span.Count).ToArray();
            Team.Shared.Run(spans.Length, bytes, i => Run(kernel, call, x, experts, largestFirst[i], outputs));
        }
        else
        {
            Array.ForEach(spans, span => Run(kernel, call, x, experts, span, outputs));
        }

        return outputs;
    }

    private static void Run(VectorKernel kernel, StreamedCall call, Tensor x, ExpertTensors experts, ExpertSpan span, Tensor outputs)
    {
        using var inference = inference_mode(); // Threads have one each.
        using var scope = NewDisposeScope();
        var (expert, count) = (span.Expert, span.Count);
        var tokens = tensor(call.Rows.Tokens.AsSpan(span.Start, count).ToArray());
        var columns = x.index_select(0, tokens).t();                                        // [D, n]
        var projected = experts.W13[expert].mm(columns);                                    // [2F, n]
        var values = Aten.DataPointer(projected);
        Team.Shared.Run(VectorKernel.ActivationPieces(call), projected.numel() * projected.element_size(), piece => kernel.Activate(call, expert, piece, count, (byte*)values));
        var hidden = projected.narrow(0, 0, call.IntermediateSize);                         // [F, n]
        var w2 = experts.W2[expert];
        var output = experts.W2Bias is { } bias ? bias[expert].unsqueeze(1).addmm(w2, hidden) : w2.mm(hidden); // [D, n]
        outputs.narrow(0, span.Start - call.Rows.FewCount, count).copy_(output.t());
    }
}
