using Moesaic.Native;
using static TorchSharp.torch;

namespace Moesaic.Kernels;

/// <summary>Kernels of our own on an NVIDIA GPU: the host queues them and waits for nothing.</summary>
/// <remarks>Sums are float32; what lies between the projections, and each expert's weighted output, is rounded to bfloat16.</remarks>
internal sealed class FusedCudaExperts : ExpertsKernel
{
    // Of one launch; more run one part after the other.
    private const int MostTokens = 1 << 15;
    private const int MostExperts = 1024;

    // Of experts for a token, and of groups: one lane of a warp each.
    private const int MostChoices = 32;

    // What the kernel that sorts routes in one block takes for each expert.
    internal const int SharedBytesOfSorting = 136;

    internal override ExpertsBackend Backend => ExpertsBackend.Fused;

    internal override string Merit => "which reads each weight once";

    internal override string? Refusal(in BackendFacts facts) =>
        facts.Quantized && facts.QuantizedObstacle is not null ? $"the weights stay quantized, and {facts.QuantizedObstacle}"
        : facts.Quantized && facts.QuantizedFormat is null ? "the weights stay quantized in a way that is not known"
        : WeightFormats.Of(facts.Dtype, facts.QuantizedFormat) is not { } format
            ? $"on a GPU it takes BFloat16{(facts.Quantized ? ", where weights stay quantized," : " or Float16,")} not {facts.Dtype}"
        : facts.Gpu is not { } gpu ? "there is no GPU here that its kernels could run on"
        : gpu.Obstacle is not null ? gpu.Obstacle
        : gpu.Major < 8 ? $"its kernels need a GPU of compute capability 8.0 or newer, this one has {gpu.Major}.{gpu.Minor}"
        : facts.NumExperts > MostExperts ? $"its kernels take {MostExperts} experts at most"
        : !facts.Aligned ? "the weights do not begin at a multiple of 16 bytes"
        : SizesRefusal(facts, format, gpu);

    internal override Tensor Run(in ExpertsCall call)
    {
        if (NeedsGradients(call))
        {
            return new EagerExperts().Run(call); // Ours computes no gradients, and would silently give none.
        }

        using var ids = new DenseTensor(call.TopKIds);
        using var weights = new DenseTensor(call.TopKWeights);
        var topK = (int)call.TopKIds.size(1);
        return Run(call.HiddenStates, call.Experts, topK, default, start => new()
        {
            Ids = ids.Address + ((nint)start * topK * sizeof(int)),
            Weights = weights.Address + ((nint)start * topK * sizeof(float)),
        });
    }

    internal override Tensor? RunRouted(in RoutedCall call)
    {
        if (!Fits(call))
        {
            return null;
        }

        // Kernels read either: a launch less.
        var isNarrow = call.RouterLogits.dtype == ScalarType.BFloat16;
        using var routerLogits = isNarrow ? call.RouterLogits.alias() : call.RouterLogits.to(ScalarType.Float32);
        using var wideBias = call.SelectionBias?.to(ScalarType.Float32);
        using var logits = new DenseTensor(routerLogits);
        using var bias = new DenseTensor(wideBias);
        var experts = (int)call.RouterLogits.size(1);
        return Run(call.HiddenStates, call.Experts, call.Rule.TopK, call.Rule, start => new()
        {
            Logits = logits.Address + ((nint)start * experts * (isNarrow ? sizeof(ushort) : sizeof(float))),
            LogitsAreNarrow = isNarrow,
            SelectionBias = bias.Address,
        });
    }

    /// <summary>One that does not is the router's and the checks'.</summary>
    private static bool Fits(in RoutedCall call)
    {
        var (x, logits, experts) = (call.HiddenStates, call.RouterLogits, call.Experts);
        return call.Rule.TopK is >= 1 and <= MostChoices && call.Rule.TopK <= experts.W2.size(0) && call.Rule.Groups is >= 1 and <= MostChoices
            && x.ndim == 2 && x.dtype == experts.W13.dtype && x.size(1) == experts.W2.size(1) && IsBeside(x, experts)
            && logits.ndim == 2 && logits.size(0) == x.size(0) && logits.size(1) == experts.W2.size(0) && IsBeside(logits, experts)
            && (call.SelectionBias is not { } bias || (bias.NumberOfElements == experts.W2.size(0) && IsBeside(bias, experts)))
            && experts.W2.size(0) * SharedBytesOfSorting <= GpuExperts.Of(x.device_index).Device.SharedBytesPerBlock
            && !(is_grad_enabled() && (x.requires_grad || logits.requires_grad || experts.W13.requires_grad || experts.W2.requires_grad));
    }

    private static bool IsBeside(Tensor tensor, in ExpertTensors experts) => tensor.device_type == experts.DeviceType && tensor.device_index == experts.DeviceIndex;

    /// <param name="routes">The part of a call that says where tokens go, from a token on.</param>
    private static Tensor Run(Tensor hiddenStates, in ExpertTensors experts, int topK, RoutingRule rule, Func<int, StreamCall> routes)
    {
        using var x = new DenseTensor(hiddenStates);
        using var w13 = new DenseMatrices(experts.W13, experts.QuantizedW13);
        using var w2 = new DenseMatrices(experts.W2, experts.QuantizedW2);
        using var w13Bias = new DenseTensor(experts.W13Bias);
        using var w2Bias = new DenseTensor(experts.W2Bias);
        var sizes = new ExpertSizes((int)experts.W2.size(1), (int)experts.W2.size(2), (int)experts.W2.size(0), topK);
        var gpu = GpuExperts.Of(hiddenStates.device_index);
        var tokens = (int)hiddenStates.size(0);
        var output = empty(hiddenStates.shape, hiddenStates.dtype, hiddenStates.device);
        var rowBytes = sizes.Hidden * sizeof(ushort);
        for (var start = 0; start < tokens; start += MostTokens)
        {
            var call = routes(start) with
            {
                Tokens = Math.Min(MostTokens, tokens - start),
                X = x.Address + ((nint)start * rowBytes),
                W13 = w13.Matrices,
                W13Bias = w13Bias.Address,
                W2 = w2.Matrices,
                W2Bias = w2Bias.Address,
                Output = Aten.DataPointer(output) + ((nint)start * rowBytes),
            };
            gpu.Run(call, sizes, WeightFormats.Of(experts.W13.dtype, experts.QuantizedFormat)!.Value, experts.Activation.Device!, rule);
        }

        return output;
    }

    private static string? SizesRefusal(in BackendFacts facts, WeightFormat format, in GpuFacts gpu)
    {
        var streaming = CudaPlans.StreamingRefusal(facts.HiddenSize, facts.IntermediateSize, facts.Gated, format);
        var tiled = CudaPlans.TiledRefusal((gpu.Major, gpu.Minor), facts.HiddenSize, facts.IntermediateSize, facts.Gated, format);
        return streaming is not null && tiled is not null ? $"{streaming}; {tiled}" : null;
    }

    private static bool NeedsGradients(in ExpertsCall call) => is_grad_enabled()
        && (call.HiddenStates.requires_grad || call.TopKWeights.requires_grad || call.Experts.W13.requires_grad || call.Experts.W2.requires_grad);
}
