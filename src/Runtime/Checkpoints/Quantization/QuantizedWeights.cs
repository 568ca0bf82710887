using TorchSharp;
using static TorchSharp.torch;

namespace Moesaic.Checkpoints;

/// <summary>Weights of routed experts that stay as the checkpoint keeps them, in its mapped files: an expert's are decoded when it runs.</summary>
/// <remarks>Numbers are those of the loader, bit for bit. It has no memory of its own; the model keeps the files mapped.</remarks>
internal sealed class QuantizedWeights
{
    private readonly long[] _shape;
    private readonly ILookup<int?, WeightAssignment> _parts; // By expert; those of all experts under null.

    private QuantizedWeights(long[] shape, IReadOnlyList<WeightAssignment> parts)
    {
        _shape = shape;
        _parts = parts.ToLookup(part => part.Place.Expert);
        ByteLength = parts.Sum(part => part.Source.ByteLength + part.Quantized!.Scales.ByteLength);
    }

    /// <summary>Bytes of codes and scales.</summary>
    internal long ByteLength { get; }

    /// <summary>The weights of <paramref name="target"/> where they stay quantized; null where they are widened.</summary>
    /// <param name="sources">The tensors that fill it.</param>
    /// <param name="dtype">The dtype that is asked for; one of our own choice would not be "as stored".</param>
    /// <param name="device">Where the model goes; from another device the file cannot be read.</param>
    internal static QuantizedWeights? For(WeightTarget target, IReadOnlyList<WeightAssignment> sources, ScalarType? dtype, DeviceType device) =>
        dtype is null && device == DeviceType.CPU && target is { Registration.Owner: FusedExperts, Shape.Length: 3 }
        && sources.Count > 0 && sources.All(source => source.Quantized is not null)
            ? new(target.Shape, sources)
            : null;

    /// <summary>The weights of one expert, [rows, columns]; the caller's.</summary>
    /// <exception cref="ObjectDisposedException">The model is disposed.</exception>
    internal Tensor Expert(int index, ScalarType dtype)
    {
        using var scope = NewDisposeScope();
        var stack = empty([1, .. _shape[1..]], dtype: dtype);
        foreach (var part in _parts[index].Concat(_parts[null]))
        {
            TensorReader.ReadExpert(part, index, stack);
        }

        return stack.squeeze(0).MoveToOuterDisposeScope();
    }
}
