using TorchSharp;
using static TorchSharp.torch;

namespace Moesaic.Checkpoints;

/// <summary>Quantized weights of routed experts where the checkpoint keeps them, in its mapped files.</summary>
/// <remarks>It has no memory of its own; the model keeps the files mapped.</remarks>
internal sealed class MappedWeights : QuantizedWeights
{
    private readonly WeightTarget _target;
    private readonly Lazy<string?> _obstacle;
    private readonly IReadOnlyList<WeightAssignment> _all;
    private readonly ILookup<int?, WeightAssignment> _parts; // By expert; those of all experts under null.

    private MappedWeights(WeightTarget target, IReadOnlyList<WeightAssignment> parts)
    {
        _target = target;
        _all = parts;
        _parts = parts.ToLookup(part => part.Place.Expert);
        Format = parts[0].Quantized!.Format;
        _obstacle = new(() => FindObstacle(static tensor => tensor.Obstacle));
        ByteLength = parts.Sum(part => BytesOf(part, target));
    }

    internal override DeviceType DeviceType => DeviceType.CPU;

    internal override long ByteLength { get; }

    internal override QuantizedFormat Format { get; }

    internal override bool HasRowScales => _parts.First().First().Quantized is Fp8Tensor { HasRowScales: true };

    /// <summary>[rows, columns] of an expert on this rank.</summary>
    internal (long Experts, long Rows, long Columns) Shape =>
        (_target.Cut?.Experts?.Count ?? _target.Shape[0], _target.Shape[1], _target.Shape[2]);

    /// <summary>Gate and up are tensors of their own, or rows that alternate.</summary>
    internal bool IsInHalves => _all.Any(static part => part.Place.Slice != WeightSlice.Whole || part.Place.Interleaved);

    /// <summary>Whether each stretch of so many rows of an expert, gate and up by themselves, lies in one block of e4m3 scales.</summary>
    internal bool HasSharedScales(int rows)
    {
        var count = IsInHalves ? Shape.Rows / 2 : Shape.Rows;
        return count % rows == 0 && _all.All(part =>
        {
            var (step, block) = (part.Place.Interleaved ? 2 : 1, ((Fp8Tensor)part.Quantized!).BlockRows);
            return block % (step * rows) == 0 || block >= count * step;
        });
    }

    /// <summary>The weights of <paramref name="target"/> where they stay quantized; null where they are widened.</summary>
    /// <param name="sources">The tensors that fill it.</param>
    /// <param name="dtype">The dtype that is asked for; one of our own choice would not be "as stored".</param>
    /// <param name="device">Where the model goes: on a GPU only what its kernels compute with stays as it is.</param>
    internal static MappedWeights? For(WeightTarget target, IReadOnlyList<WeightAssignment> sources, ScalarType? dtype, DeviceType device)
    {
        if (dtype is not null || target is not { Registration.Owner: FusedExperts experts, Shape.Length: 3 }
            || sources.Count == 0 || sources.Any(static source => source.Quantized is null))
        {
            return null;
        }

        var weights = new MappedWeights(target, sources);
        return device == DeviceType.CPU || (device == DeviceType.CUDA && experts.StaysQuantized(weights, sources[0].ValueDtype, device))
            ? weights
            : null;
    }

    internal override string? Obstacle(DeviceType device) => device == DeviceType.CPU ? _obstacle.Value : FindObstacle(static tensor => tensor.DeviceObstacle);

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

    internal override Tensor Expert(int index, ScalarType dtype)
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

    /// <summary>Where the rows of one of this rank's experts lie in memory; where there is no obstacle.</summary>
    /// <param name="index">Of the expert on this rank.</param>
    /// <param name="half">Those of gate or of up, or all.</param>
    /// <exception cref="CheckpointException">Some of its codes are no numbers.</exception>
    internal StoredMatrix Stored(int index, WeightSlice half)
    {
        var rows = RowsOf(index, half);
        rows.Tensor.ThrowIfNotNumbers(rows.Matrix);
        return rows.Tensor.Matrix(rows.Matrix) with { FirstRow = rows.FirstRow, RowStep = rows.RowStep };
    }

    /// <summary>The same as rows of a tensor of the checkpoint.</summary>
    internal StoredRows RowsOf(int index, WeightSlice half)
    {
        var expert = _target.Cut?.Experts?[index] ?? index;
        var part = _parts[expert].Concat(_parts[null]).First(part => part.Place.Slice == half || part.Place.Slice == WeightSlice.Whole);
        var (tensor, isSecond) = (part.Quantized!, half == WeightSlice.SecondHalf && part.Place.Slice == WeightSlice.Whole);
        var rows = new StoredRows(tensor, tensor.Rank > 2 ? expert : 0, 0, 1);
        return half == WeightSlice.Whole ? rows
            : part.Place.Interleaved ? rows with { FirstRow = isSecond ? 1 : 0, RowStep = 2 }
            : rows with { FirstRow = isSecond ? _target.Shape[1] / 2 : 0 };
    }

    private string? FindObstacle(Func<QuantizedTensor, string?> ofTensor)
    {
        if (_target.Cut is { Dimension: > 0 })
        {
            return $"{_all[0].Tensor}: each expert is cut over ranks";
        }

        var first = _all[0].Quantized!;
        foreach (var part in _all)
        {
            var obstacle = part.Place.Transposed ? "it is transposed"
                : part.Place.Flat ? "it is flat"
                : part.Quantized!.Format != first.Format || part.Quantized is Fp8Tensor { HasRowScales: var rows } && rows != ((Fp8Tensor)first).HasRowScales
                    ? $"it is kept otherwise than {_all[0].Tensor}"
                    : ofTensor(part.Quantized);
            if (obstacle is not null)
            {
                return $"{part.Tensor}: {obstacle}";
            }
        }

        return null;
    }
}
