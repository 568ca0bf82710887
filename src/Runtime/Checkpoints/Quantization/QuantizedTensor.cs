using static TorchSharp.torch;

namespace Moesaic.Checkpoints;

/// <summary>A quantized tensor and its scales, read part by part so that no second copy of it is ever whole in memory.</summary>
internal abstract class QuantizedTensor(CheckpointTensor values, CheckpointTensor scales, long[] shape)
{
    private const long PartElements = 1 << 24; // 64 MB in float32.

    internal CheckpointTensor Values { get; } = values;

    internal CheckpointTensor Scales { get; } = scales;

    /// <summary>Its shape when read; two dimensions, or more with the experts first.</summary>
    protected long[] Shape { get; } = shape;

    internal int Rank => Shape.Length;

    /// <summary>Size of its first dimension.</summary>
    internal long Length => Shape[0];

    /// <summary>Rows that a part of a matrix must be a multiple of.</summary>
    protected abstract long RowUnit { get; }

    /// <summary>The place of the values, from that of the plain tensor.</summary>
    internal virtual WeightRegion Place(WeightRegion region) => region;

    /// <summary>Some of the first dimension, in float32; the caller's.</summary>
    internal abstract Tensor Decode(long start, long count);

    /// <summary>Parts of the first dimension, one after the other: expert by expert, or rows of a matrix.</summary>
    internal IEnumerable<(long Start, long Count)> Parts()
    {
        var size = Shape.Length > 2 ? 1 : Math.Max(RowUnit, PartElements / Math.Max(1, Shape[^1]) / RowUnit * RowUnit);
        for (long start = 0; start < Shape[0]; start += size)
        {
            yield return (start, Math.Min(size, Shape[0] - start));
        }
    }

    private protected static Tensor Read(CheckpointTensor tensor, long[] shape) => tensor.IsAligned ? tensor.View(shape) : tensor.ToTensor(shape);
}
