using Moesaic.Native;
using static TorchSharp.torch;

namespace Moesaic.Checkpoints;

/// <summary>Blocks of 32 four-bit floats (1 sign, 2 exponent and 1 mantissa bit), each block times a power of two.</summary>
internal sealed class Mxfp4Tensor(CheckpointTensor blocks, CheckpointTensor scales, long[] shape) : QuantizedTensor(blocks, scales, shape)
{
    internal const int BlockLength = 32;
    internal const int BlockBytes = BlockLength / 2;

    private const int ExponentBias = 127;
    private const int NotANumber = 255;

    private const long BlocksAtOnce = 1 << 14;

    // By code: the sign bit comes first.
    internal static readonly float[] Numbers = [0, 0.5f, 1, 1.5f, 2, 3, 4, 6, -0f, -0.5f, -1, -1.5f, -2, -3, -4, -6];

    /// <summary>By exponent.</summary>
    internal static readonly float[] Powers = [.. Enumerable.Range(0, NotANumber + 1).Select(static exponent => Power((byte)exponent))];

    internal override QuantizedFormat Format => QuantizedFormat.Mxfp4;

    internal override string? Obstacle => null;

    internal override string? DeviceObstacle => null;

    protected override long RowUnit => 1;

    /// <summary>The same place with outputs before inputs, as the blocks lie.</summary>
    internal static WeightRegion OutputsFirst(WeightRegion region) => region with { Transposed = false };

    internal override WeightRegion Place(WeightRegion region) => OutputsFirst(region);

    internal override StoredMatrix Matrix(long index)
    {
        var (first, scaleBytes) = (index * Shape[^2], Shape[^1] / BlockLength);
        return new(Values.Address + (nint)(first * scaleBytes * BlockBytes), scaleBytes * BlockBytes, Scales.Address + (nint)(first * scaleBytes), 1, scaleBytes);
    }

    internal override void Decode(long start, Tensor target)
    {
        var blocks = target.numel() / BlockLength;
        var first = Scales.ByteLength / Math.Max(1, Shape[0]) * start;
        var (codes, exponents, values) = (Values.Address + (nint)(first * BlockBytes), Scales.Address + (nint)first, Aten.DataPointer(target));
        Parallel.For(0, (blocks + BlocksAtOnce - 1) / BlocksAtOnce, part =>
        {
            var from = part * BlocksAtOnce;
            Decode(codes, exponents, values, from, Math.Min(blocks, from + BlocksAtOnce));
        });
    }

    /// <summary>Two numbers a byte; the low half is the first.</summary>
    private static unsafe void Decode(nint codes, nint exponents, nint target, long from, long to)
    {
        var numbers = stackalloc float[16];
        for (var block = from; block < to; block++)
        {
            var power = Power(((byte*)exponents)[block]);
            for (var code = 0; code < Numbers.Length; code++)
            {
                numbers[code] = Numbers[code] * power;
            }

            var source = (byte*)codes + (block * BlockBytes);
            var values = (float*)target + (block * BlockLength);
            for (var i = 0; i < BlockBytes; i++)
            {
                values[2 * i] = numbers[source[i] & 15];
                values[(2 * i) + 1] = numbers[source[i] >> 4];
            }
        }
    }

    private static float Power(byte exponent) => exponent == NotANumber ? float.NaN : MathF.ScaleB(1, exponent - ExponentBias);
}
