using Moesaic.Checkpoints;
using Moesaic.Kernels;
using Moesaic.Kernels.Cpu;
using Moesaic.Native;
using TorchSharp;
using static TorchSharp.torch;

namespace Moesaic;

/// <summary>All that the choice of a backend depends on. What is not here cannot sway it.</summary>
/// <param name="Device">Where the weights lie.</param>
/// <param name="Dtype">The dtype of the weights and of the hidden states.</param>
/// <param name="NumExperts">E.</param>
/// <param name="HiddenSize">D.</param>
/// <param name="IntermediateSize">F.</param>
/// <param name="Activation">The name of the activation.</param>
/// <param name="Gated">Experts have a gate and an up projection.</param>
/// <param name="Bias">The projections have biases.</param>
/// <param name="Aligned">The weights begin at multiples of 16 bytes; mapped from a file they need not.</param>
/// <param name="Quantized">They are codes and scales, not numbers.</param>
public readonly record struct BackendFacts(
    DeviceType Device,
    ScalarType Dtype,
    int NumExperts,
    int HiddenSize,
    int IntermediateSize,
    string Activation,
    bool Gated,
    bool Bias,
    bool Aligned,
    bool Quantized)
{
    /// <summary>Of the widest vectors that this processor computes with, where a kernel of ours knows them: 512, 256, or 0.</summary>
    public int VectorBits { get; init; } = VectorKernel.VectorBits;

    /// <summary>Where they stay quantized: why a kernel cannot compute with the codes where they lie; null where it can.</summary>
    public string? QuantizedObstacle { get; init; }

    /// <summary>How they are coded where they stay quantized.</summary>
    internal QuantizedFormat? QuantizedFormat { get; init; }

    /// <summary>Where the weights lie on an NVIDIA GPU: which, and whether there are kernels for it.</summary>
    public GpuFacts? Gpu { get; init; }

    internal static BackendFacts Of(in ExpertTensors experts) =>
        Of(experts, experts.DeviceType, experts.W13.dtype) with { Aligned = Aten.IsAligned(experts.W13) && Aten.IsAligned(experts.W2) };

    /// <summary>The same experts elsewhere, or in another dtype.</summary>
    internal static BackendFacts Of(in ExpertTensors experts, DeviceType device, ScalarType dtype) => new(
        device,
        dtype,
        NumExperts: (int)experts.W2.size(0),
        HiddenSize: (int)experts.W2.size(1),
        IntermediateSize: (int)experts.W2.size(2),
        experts.Activation.Name,
        experts.Activation.Gated,
        Bias: experts.W13Bias is not null || experts.W2Bias is not null,
        Aligned: true,
        Quantized: experts.AreQuantized)
    {
        QuantizedFormat = experts.QuantizedFormat,
        QuantizedObstacle = experts.QuantizedObstacle(device),
        Gpu = device == DeviceType.CUDA
            ? GpuExperts.Facts(experts.DeviceType == device ? experts.DeviceIndex : 0, experts.Activation.Device, WeightFormats.Of(dtype, experts.QuantizedFormat) ?? default)
            : null,
    };

    /// <summary>In one line, for logs.</summary>
    public override string ToString() =>
        $"{NumExperts} experts of {HiddenSize} x {IntermediateSize}{(Bias ? " with bias" : "")}{(Quantized ? ", quantized" : "")}, {Activation}, {Dtype} on {Device}";
}
