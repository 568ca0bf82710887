using TorchSharp;
using static TorchSharp.torch;

namespace Moesaic.Checkpoints;

/// <summary>Weights of routed experts that stay as the checkpoint keeps them, in its mapped files: an expert's are decoded when it runs.</summary>
/// <remarks>Numbers are those of the loader, bit for bit. It has no memory of its own; the model keeps the files mapped.</remarks>
internal sealed class QuantizedWeights
{
    private readonly long[] _shape;
    private readonly Lazy<string?> _obstacle;
    private readonly ILookup<int?, WeightAssignment> _parts; // By expert; those of all experts under null.

    private QuantizedWeights(long[] shape, IReadOnlyList<WeightAssignment> parts)
    {
        _shape = shape;
        _parts = parts.ToLookup(part => part.Place.Expert);
        Format = parts[0].Quantized!.Format;
        _obstacle = new(() => FindObstacle(parts));
        ByteLength = parts.Sum(part => part.Source.ByteLength + part.Quantized!.Scales.ByteLength);
    }

    /// <summary>Bytes of codes and scales.</summary>
    internal long ByteLength { get; }

    /// <summary>How all of them are coded, where there is no <see cref="Obstacle"/>.</summary>
    internal QuantizedFormat Format { get; }

    /// <summary>A scale covers whole rows, where there is no <see cref="Obstacle"/>.</summary>
    internal bool HasRowScales => _parts.First().First().Quantized is Fp8Tensor { HasRowScales: true };

    /// <summary>Why a kernel cannot compute with the codes where they lie; null where it can.</summary>
    internal string? Obstacle => _obstacle.Value;

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

    /// <summary>Where the rows of one expert lie; where there is no <see cref="Obstacle"/>.</summary>
    /// <param name="half">Those of gate or of up, or all.</param>
    internal StoredMatrix Stored(int expert, WeightSlice half)
    {
        var part = _parts[expert].Concat(_parts[null]).First(part => part.Place.Slice == half || part.Place.Slice == WeightSlice.Whole);
        var matrix = part.Quantized!.Matrix(part.Quantized.Rank > 2 ? expert : 0);
        var isSecond = half == WeightSlice.SecondHalf && part.Place.Slice == WeightSlice.Whole;
        return half == WeightSlice.Whole ? matrix
            : part.Place.Interleaved ? matrix with { FirstRow = isSecond ? 1 : 0, RowStep = 2 }
            : matrix with { FirstRow = isSecond ? _shape[1] / 2 : 0 };
    }

    private static string? FindObstacle(IReadOnlyList<WeightAssignment> parts)
    {
        var first = parts[0].Quantized!;
        foreach (var part in parts)
        {
            var obstacle = part.Place.Transposed ? "it is transposed"
                : part.Place.Flat ? "it is flat"
                : part.Quantized!.Format != first.Format || part.Quantized is Fp8Tensor { HasRowScales: var rows } && rows != ((Fp8Tensor)first).HasRowScales
                    ? $"it is kept otherwise than {parts[0].Tensor}"
                    : part.Quantized.Obstacle;
            if (obstacle is not null)
            {
                return $"{part.Tensor}: {obstacle}";
            }
        }

        return null;
    }
}
