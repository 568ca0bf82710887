using Moesaic.Native;
using static TorchSharp.torch;

namespace Moesaic.Kernels.Cpu;

/// <summary>Experts with many rows: libtorch's matrix products, which use instructions that .NET has not; the rest is ours.</summary>
/// <remarks>Projections and activation are rounded to the dtype of the weights, the bias added before the activation is.</remarks>
internal static unsafe class MultipliedExperts
{
    /// <summary>[rows of experts with many, D]; null where there are none.</summary>
    internal static Tensor? Run(VectorKernel kernel, StreamedCall call, Tensor x, in ExpertTensors experts)
    {
        var spans = call.Rows.WithMany;
        if (spans.Length == 0)
        {
            return null;
        }

        var (w13, w2, w2Bias) = (experts.W13, experts.W2, experts.W2Bias);
        var outputs = empty([call.Rows.Tokens.Length - call.Rows.FewCount, call.HiddenSize], dtype: x.dtype);
        if (spans.Length >= TorchSharp.torch.get_num_threads() * 2)
        {
            var order = spans.OrderByDescending(s => s.Count).ToArray();
            Team.Shared.Run(order.Length, i => One(kernel, call, x, w13, w2, w2Bias, order[i], outputs, parallel: false));
        }
        else
        {
            foreach (var span in spans)
            {
                One(kernel, call, x, w13, w2, w2Bias, span, outputs, parallel: true);
            }
        }

        return outputs;
    }

    private static void One(VectorKernel kernel, StreamedCall call, Tensor x, Tensor w13, Tensor w2, Tensor? w2Bias, ExpertSpan span, Tensor outputs, bool parallel)
    {
        using var inference = inference_mode(); // Of this thread.
        using var scope = NewDisposeScope();
        var tokens = tensor(call.Rows.Tokens.AsSpan(span.Start, span.Count).ToArray().Select(t => (long)t).ToArray());
        var rows = x.index_select(0, tokens);                                       // [n, D]
        var projected = rows.mm(w13[span.Expert].t());                              // [n, 2F]
        var hidden = empty([span.Count, call.IntermediateSize], dtype: x.dtype);    // [n, F]
        var (source, target, size) = (Aten.DataPointer(projected), Aten.DataPointer(hidden), (nint)x.element_size());
        var (pitch, width) = ((nint)projected.stride(0) * size, call.IntermediateSize * size);
        void Activate(int row) => kernel.Activate(call, span.Expert, (byte*)source + (row * pitch), (byte*)target + (row * width));
        if (parallel)
        {
            Team.Shared.Run(span.Count, Activate);
        }
        else
        {
            for (var row = 0; row < span.Count; row++)
            {
                Activate(row);
            }
        }

        var place = outputs.narrow(0, span.Start - call.Rows.FewCount, span.Count);
        if (w2Bias is null)
        {
            place.copy_(hidden.mm(w2[span.Expert].t()));
        }
        else
        {
            place.copy_(nn.functional.linear(hidden, w2[span.Expert], w2Bias[span.Expert]));
        }
    }
}
