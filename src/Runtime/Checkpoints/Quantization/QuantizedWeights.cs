using TorchSharp;
using static TorchSharp.torch;

namespace Moesaic.Checkpoints;

/// <summary>Weights of routed experts that stay as the checkpoint keeps them, in its mapped files: an expert's are decoded when it runs.</summary>
/// <remarks>Numbers are those of the loader, bit for bit. It has no memory of its own; the model keeps the files mapped.</remarks>
internal sealed class QuantizedWeights
{
    private readonly WeightTarget _target;
    private readonly ILookup<int?, WeightAssignment> _parts; // By expert; those of all experts under null.

    private QuantizedWeights(WeightTarget target, IReadOnlyList<WeightAssignment> parts)
    {
        _target = target;
        _parts = parts.ToLookup(part => part.Place.Expert);
        ByteLength = parts.Sum(part => BytesOf(part, target));
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
            ? new(target, sources)
            : null;

    /// <summary>Bytes of codes and scales of the experts that are here; a rank that decodes a part of an expert reads all of it.</summary>
    private static long BytesOf(WeightAssignment part, WeightTarget target)
    {
        var all = part.Source.ByteLength + part.Quantized!.Scales.ByteLength;
        return target.Cut switch
        {
            { } cut when !CutReader.Reads(part, cut) => 0,
            { Experts: { } experts } when part.Place.Expert is null => all / target.Shape[0] * experts.Count,
            _ => all,
        };
    }

    /// <summary>The weights of one expert, of which a rank may have a part: [rows, columns]; the caller's.</summary>
    /// <param name="index">The expert, or the slot of this rank that it has.</param>
    /// <exception cref="ObjectDisposedException">The model is disposed.</exception>
    internal Tensor Expert(int index, ScalarType dtype)
    {
        using var scope = NewDisposeScope();
        var cut = _target.Cut;
        var expert = cut?.Experts?[index] ?? index;
        var stack = empty([1, .. _target.Shape[1..]], dtype: dtype);
        foreach (var part in _parts[expert].Concat(_parts[null]))
        {
            TensorReader.ReadExpert(part, expert, stack);
        }

        var own = cut is { Dimension: > 0 } ? cut.Stretch(stack, cut.Dimension) : stack;
        return own.squeeze(0).contiguous().MoveToOuterDisposeScope();
    }
}
