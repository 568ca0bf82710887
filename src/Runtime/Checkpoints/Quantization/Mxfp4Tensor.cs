using static TorchSharp.torch;

namespace Moesaic.Checkpoints;

/// <summary>Blocks of 32 four-bit floats (1 sign, 2 exponent and 1 mantissa bit), each block times a power of two.</summary>
internal sealed class Mxfp4Tensor(CheckpointTensor blocks, CheckpointTensor scales, long[] shape) : QuantizedTensor(blocks, scales, shape)
{
    internal const int BlockLength = 32;
    internal const int BlockBytes = BlockLength / 2;

    private const int ExponentBias = 127;
    private const int NotANumber = 255;

    private static readonly float[] s_magnitudes = [0, 0.5f, 1, 1.5f, 2, 3, 4, 6];

    protected override long RowUnit => 1;

    /// <summary>The same place with outputs before inputs, as the blocks lie.</summary>
    internal static WeightRegion OutputsFirst(WeightRegion region) => region with { Transposed = false };

    internal override WeightRegion Place(WeightRegion region) => OutputsFirst(region);

    internal override Tensor Decode(long start, long count)
    {
        using var scope = NewDisposeScope();
        long[] grid = [count, .. Shape[1..^1], Shape[^1] / BlockLength];
        var bytes = Read(Values, [Shape[0], Values.ByteLength / Math.Max(1, Shape[0])]).narrow(0, start, count).flatten();
        var exponents = Read(Scales, [Shape[0], Scales.ByteLength / Math.Max(1, Shape[0])]).narrow(0, start, count).flatten();
        var values = tensor(Pairs()).view(-1, 2).index_select(0, bytes.to(ScalarType.Int32)).view([.. grid, BlockLength]);
        var powers = tensor(Powers()).index_select(0, exponents.to(ScalarType.Int32)).view([.. grid, 1]);
        return values.mul_(powers).view([count, .. Shape[1..]]).MoveToOuterDisposeScope();
    }

    /// <summary>Both numbers of each byte; the low half is the first.</summary>
    private static float[] Pairs() => [.. Enumerable.Range(0, 256).SelectMany(static code => (float[])[Number(code & 15), Number(code >> 4)])];

    private static float Number(int code) => code < s_magnitudes.Length ? s_magnitudes[code] : -s_magnitudes[code - s_magnitudes.Length];

    private static float[] Powers() =>
        [.. Enumerable.Range(0, 256).Select(static code => code == NotANumber ? float.NaN : MathF.ScaleB(1, code - ExponentBias))];
}
