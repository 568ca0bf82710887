using Moesaic.Checkpoints;
using Moesaic.Native;
using TorchSharp;
using static TorchSharp.torch;

namespace Moesaic.Kernels.Cpu;

/// <summary>
/// Experts with few rows on vectors of our own, each weight read once and gate, up and activation in one pass; experts with many on
/// libtorch's matrix products.
/// </summary>
/// <remarks>
/// Of the experts with few rows everything is float32 and rounded once, at the end, so that it is nearer to the true value than
/// <see cref="EagerExperts"/> in bfloat16, and a token's result does not depend on the others' of its call.
/// </remarks>
/// <param name="crossover">As many rows of an expert are many. Asked only where some expert has more than a few.</param>
/// <param name="vectorBits">The width of the vectors.</param>
internal sealed unsafe class FusedCpuExperts(Func<ScalarType, int> crossover, int vectorBits) : ExpertsKernel
{
    /// <summary>On the widest vectors of this processor.</summary>
    internal FusedCpuExperts(Func<ScalarType, int> crossover)
        : this(crossover, VectorKernel.VectorBits)
    {
    }

    internal override ExpertsBackend Backend => ExpertsBackend.Fused;

    internal override string Merit => "which reads each weight once";

    internal override string? Refusal(in BackendFacts facts) =>
        facts.Device is not (DeviceType.CPU or DeviceType.META) ? $"it has no kernel for {facts.Device}"
        : facts.Quantized && facts.QuantizedObstacle is not null ? $"the weights stay quantized, and {facts.QuantizedObstacle}"
        : facts.Dtype is not (ScalarType.BFloat16 or ScalarType.Float32) ? $"it takes no {facts.Dtype}"
        : facts.VectorBits == 0 ? "this processor has no vectors of 256 bits with multiply-add"
        : null;

    internal override Tensor Run(in ExpertsCall call)
    {
        if (NeedsGradients(call))
        {
            return new EagerExperts().Run(call); // Ours computes no gradients, and would silently give none.
        }

        var experts = call.Experts;
        using var x = call.HiddenStates.contiguous();
        using var weights = call.TopKWeights.contiguous();
        using var w13 = DenseRows(experts.W13);
        using var w2 = DenseRows(experts.W2);
        using var w13Bias = experts.W13Bias?.contiguous();
        using var w2Bias = experts.W2Bias?.contiguous();
        var kernel = VectorKernel.For(Encoding(experts), x.dtype, vectorBits)!;
        var rows = new ExpertRows(call.TopKIds, (int)w13.size(0), () => experts.AreQuantized ? Crossover.Never : crossover(w13.dtype));
        var matrices = rows.WithFew.Select(span => Matrices(experts, w13, w2, span.Expert)).ToArray();
        var streamed = new StreamedCall(
            rows, matrices, (int)w2.size(1), (int)w2.size(2), experts.Activation.Rows, experts.Activation.Gated, new(w13Bias), new(w2Bias),
            WeightBytes: (w13.size(1) + w2.size(2)) * w2.size(1) * w13.element_size());
        using var many = MultipliedExperts.Run(kernel, streamed, x, experts with { W13 = w13, W2 = w2 });
        var result = empty_like(x);
        var few = Stream(kernel, streamed, x);
        var topK = (int)weights.size(1);
        var combine = new CombineCall(
            rows, streamed.HiddenSize, topK, x.dtype == ScalarType.BFloat16, few, many is null ? null : (byte*)Aten.DataPointer(many),
            (float*)Aten.DataPointer(weights), (byte*)Aten.DataPointer(result));
        Team.Shared.Run((int)x.size(0), Bytes(rows.Tokens.Length, streamed.HiddenSize), token => kernel.Combine(combine, token));
        return result;
    }

    /// <summary>The outputs of the experts with few rows, [R, D padded] float32, until this thread's next call.</summary>
    private static float* Stream(VectorKernel kernel, StreamedCall call, Tensor x)
    {
        if (call.Rows.FewCount == 0)
        {
            return null;
        }

        var (tokens, hiddenSize) = ((int)x.size(0), call.HiddenSize);
        var (hiddenPitch, widthPitch) = (VectorKernel.Padded(hiddenSize), VectorKernel.Padded(call.IntermediateSize));
        var (inputBytes, hiddenBytes, outputBytes) =
            (Bytes(tokens, hiddenPitch), Bytes(call.Rows.FewCount, widthPitch), Bytes(call.Rows.FewCount, hiddenPitch));
        var scratch = ScratchMemory.WithRoomFor(inputBytes, hiddenBytes, outputBytes);
        var inputs = (float*)scratch.Take(inputBytes);
        var hidden = (float*)scratch.Take(hiddenBytes);
        var outputs = (float*)scratch.Take(outputBytes);
        var bytes = call.WeightBytes * call.Rows.WithFew.Length;
        var data = (byte*)Aten.DataPointer(x);
        var pitch = hiddenSize * (nint)x.element_size();
        Team.Shared.Run(tokens, inputBytes, token => kernel.Arrange(data + (token * pitch), hiddenSize, inputs + ((nint)token * hiddenPitch)));
        Team.Shared.Run(VectorKernel.Pieces(call, call.IntermediateSize), bytes, piece => kernel.GateUp(call, piece, inputs, hidden));
        Team.Shared.Run(VectorKernel.Pieces(call, hiddenSize), bytes, piece => kernel.Down(call, piece, hidden, outputs));
        return outputs;
    }

    /// <summary>Quantized weights, of which both projections are or neither.</summary>
    private static ExpertMatrices Matrices(in ExpertTensors experts, Tensor w13, Tensor w2, int expert) =>
        experts is { QuantizedW13: MappedWeights codes13, QuantizedW2: MappedWeights codes2 }
            ? ExpertMatrices.Of(codes13, codes2, experts.Activation.Gated, expert)
            : ExpertMatrices.Of(w13, w2, experts.Activation.Gated, expert);

    internal static WeightEncoding Encoding(in ExpertTensors experts) => experts.QuantizedW13 switch
    {
        { Format: QuantizedFormat.Mxfp4 } => WeightEncoding.Mxfp4,
        { HasRowScales: true } => WeightEncoding.Fp8Rows,
        not null => WeightEncoding.Fp8Blocks,
        null => experts.W13.dtype == ScalarType.BFloat16 ? WeightEncoding.Bfloat16 : WeightEncoding.Float32,
    };

    private static bool NeedsGradients(in ExpertsCall call) => is_grad_enabled()
        && (call.HiddenStates.requires_grad || call.TopKWeights.requires_grad || call.Experts.W13.requires_grad || call.Experts.W2.requires_grad);

    private static long Bytes(long rows, long pitch) => rows * pitch * sizeof(float);

    /// <summary>The same weights with the elements of a row side by side, which they are but for a caller's own views.</summary>
    private static Tensor DenseRows(Tensor weights) => weights.stride(2) == 1 || weights.size(2) == 1 ? weights.alias() : weights.contiguous();
}
