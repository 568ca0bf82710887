using Moesaic.Checkpoints;
using TorchSharp;
using static TorchSharp.torch;

namespace Moesaic;

/// <summary>What the routed experts of a block are. D hidden, F expert width, E experts.</summary>
/// <param name="W13">[E, 2F, D], gate rows then up rows; [E, F, D] without a gate.</param>
/// <param name="W2">[E, D, F].</param>
/// <param name="W13Bias">[E, 2F], [E, F] without a gate, or null.</param>
/// <param name="W2Bias">[E, D], or null.</param>
internal readonly record struct ExpertTensors(Tensor W13, Tensor W2, Tensor? W13Bias, Tensor? W2Bias, ActivationFunction Activation)
{
    /// <summary>The values of <see cref="W13"/> where it has none.</summary>
    internal QuantizedWeights? QuantizedW13 { get; init; }

    /// <summary>The values of <see cref="W2"/> where it has none.</summary>
    internal QuantizedWeights? QuantizedW2 { get; init; }

    internal bool AreQuantized => (QuantizedW13 ?? QuantizedW2) is not null;

    /// <summary>How the quantized ones are coded; null where none are.</summary>
    internal QuantizedFormat? QuantizedFormat => (QuantizedW13 ?? QuantizedW2)?.Format;

    /// <summary>Why a kernel of a device cannot compute with quantized weights; null where it can, or none are.</summary>
    internal string? QuantizedObstacle(DeviceType device) => !AreQuantized ? null
        : QuantizedW13 is null || QuantizedW2 is null ? "only one of the projections is"
        : QuantizedW13.Format != QuantizedW2.Format || (device == DeviceType.CPU && QuantizedW13.HasRowScales != QuantizedW2.HasRowScales) ? "the projections are in different ways"
        : QuantizedW13.Obstacle(device) ?? QuantizedW2.Obstacle(device);

    /// <summary>Where the values are; the tensors of quantized ones are on the meta device.</summary>
    internal DeviceType DeviceType => (QuantizedW13 ?? QuantizedW2)?.DeviceType ?? W13.device_type;

    /// <summary>Which of its kind; −1 for the first.</summary>
    internal int DeviceIndex => ((QuantizedW13 ?? QuantizedW2) as DeviceWeights)?.Codes.device_index ?? W13.device_index;

    /// <summary>The first projection of one expert, [2F, D]; the caller's.</summary>
    internal Tensor W13Of(int expert) => QuantizedW13?.Expert(expert, W13.dtype) ?? W13[expert];

    /// <summary>The second projection of one expert, [D, F]; the caller's.</summary>
    internal Tensor W2Of(int expert) => QuantizedW2?.Expert(expert, W2.dtype) ?? W2[expert];
}
