using TorchSharp;
using static TorchSharp.torch;

namespace Moesaic.Checkpoints;

/// <summary>Weights of routed experts that stay codes and scales: one expert's are decoded when it runs, or a kernel computes with the codes.</summary>
/// <remarks>Numbers are those of the loader, bit for bit.</remarks>
internal abstract class QuantizedWeights
{
    /// <summary>Where the codes lie.</summary>
    internal abstract DeviceType DeviceType { get; }

    /// <summary>Bytes of codes and scales.</summary>
    internal abstract long ByteLength { get; }

    /// <summary>How all of them are coded, where there is no obstacle.</summary>
    internal abstract QuantizedFormat Format { get; }

    /// <summary>A scale covers whole rows, where there is no obstacle.</summary>
    internal abstract bool HasRowScales { get; }

    /// <summary>Why a kernel of a device cannot compute with the codes; null where it can.</summary>
    internal abstract string? Obstacle(DeviceType device);

    /// <summary>The weights of one expert, of which a rank may have a part: [rows, columns]; the caller's.</summary>
    /// <param name="index">The expert, or the slot of this rank that it has.</param>
    /// <exception cref="ObjectDisposedException">The model is disposed.</exception>
    internal abstract Tensor Expert(int index, ScalarType dtype);
}
