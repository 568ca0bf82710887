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

    internal abstract QuantizedFormat Format { get; }

    /// <summary>Why a kernel cannot compute with the codes where they lie; null where it can.</summary>
    internal abstract string? Obstacle { get; }

    /// <summary>The same for kernels of a GPU, which compute with a copy of the codes.</summary>
    internal abstract string? DeviceObstacle { get; }

    /// <summary>Where one matrix of a stack lies, or the only one.</summary>
    internal abstract StoredMatrix Matrix(long index);

    /// <summary>Refuses a matrix some of whose codes are no numbers where kernels would make numbers of them. It is read for that once, when it is first used.</summary>
    /// <exception cref="CheckpointException">Some are.</exception>
    internal virtual void ThrowIfNotNumbers(long matrix)
    {
    }

    /// <summary>How much of the first dimension is read at once: an expert, or some rows of a matrix.</summary>
    internal long PartLength =>
        Math.Min(Shape[0], Shape.Length > 2 ? 1 : Math.Max(RowUnit, PartElements / Math.Max(1, Shape[^1]) / RowUnit * RowUnit));

    /// <summary>Rows that a part of a matrix must be a multiple of.</summary>
    protected abstract long RowUnit { get; }

    /// <summary>The place of the values, from that of the plain tensor.</summary>
    internal virtual WeightRegion Place(WeightRegion region) => region;

    /// <summary>Memory for the values of a part, or of all; one serves every part, for freeing and taking it again would scatter the heap.</summary>
    internal Tensor NewBuffer(bool forAll) => empty([forAll ? Shape[0] : PartLength, .. Shape[1..]], dtype: ScalarType.Float32);

    /// <summary>Writes the values from <paramref name="start"/> in the first dimension to <paramref name="target"/>, which says how many.</summary>
    /// <param name="target">The beginning of a buffer.</param>
    internal abstract void Decode(long start, Tensor target);

    private protected static Tensor Read(CheckpointTensor tensor, long[] shape) => tensor.IsAligned ? tensor.View(shape) : tensor.ToTensor(shape);
}
