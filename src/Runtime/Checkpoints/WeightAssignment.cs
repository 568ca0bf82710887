using static TorchSharp.torch;

namespace Moesaic.Checkpoints;

/// <summary>One checkpoint tensor, and the part of a parameter that it fills.</summary>
public sealed class WeightAssignment
{
    internal WeightAssignment(CheckpointTensor source, WeightTarget target, WeightRegion region)
    {
        Source = source;
        Target = target;
        Place = region;
    }

    /// <summary>The tensor's name.</summary>
    public string Tensor => Source.Name;

    /// <summary>The tensor of its scales, where it is quantized; null where it is plain.</summary>
    public string? Scales => Quantized?.Scales.Name;

    /// <summary>The dtype of its values where none is asked for: that of the file, or of config.json where it is quantized.</summary>
    public ScalarType ValueDtype => QuantizedDtype ?? Source.Dtype.ScalarType;

    /// <summary>Its dtype in the file.</summary>
    public SafetensorsDtype Dtype => Source.Dtype;

    /// <summary>Its shape in the file.</summary>
    public IReadOnlyList<long> Shape => Source.Shape;

    /// <summary>The parameter it fills, from the model down: <c>model.layers.0.mlp.experts.w13</c>.</summary>
    public string Parameter => Target.Name;

    /// <summary>The part and the order, for people: <c>[3], first half, transposed</c>; empty for all of it, as it is.</summary>
    public string Region => Place.ToString();

    internal CheckpointTensor Source { get; }

    internal WeightTarget Target { get; }

    internal WeightRegion Place { get; }

    /// <summary>How to read it, where it is quantized.</summary>
    internal QuantizedTensor? Quantized { get; init; }

    internal ScalarType? QuantizedDtype { get; init; }

    /// <summary>The tensor alone is the parameter, byte for byte.</summary>
    internal bool IsWholeParameter => Quantized is null && Place.IsSameBytes;
}
