using Moesaic.Kernels;
using Moesaic.Native;
using TorchSharp;
using static TorchSharp.torch;

namespace Moesaic.Checkpoints;

/// <summary>e2m1 codes, eight in <see cref="E2M1Words"/>, and a byte for each 32 of a row: the exponent of its power of two.</summary>
internal sealed class E2M1DeviceWeights : DeviceWeights
{
    // Kernels multiply codes with 2^126 times the power, as bfloat16: 2^127 is its largest power.
    private const int LargestExponent = 128;
    private const int BlocksOfUnit = 4;

    private string? _obstacle;

    internal E2M1DeviceWeights(MappedWeights source, Device device)
        : base(source, source.Shape.Columns / 2, device) =>
        Scales = empty([Codes.size(0), Rows, Columns / Mxfp4Tensor.BlockLength], ScalarType.Byte, device).DetachFromDisposeScope();

    internal override Tensor Scales { get; }

    internal override bool HasRowScales => false;

    internal override DeviceMatrices Matrices => new(Aten.DataPointer(Codes), Aten.DataPointer(Scales), 0, (int)Scales.size(2), BlocksOfUnit);

    internal override string? Obstacle(DeviceType device) => _obstacle;

    internal override Tensor Expert(int index, ScalarType dtype)
    {
        using var scope = NewDisposeScope();
        var numbers = tensor(Mxfp4Tensor.Numbers, device: Codes.device).index_select(0, E2M1Words.Codes(Codes[index]).flatten());
        var powers = tensor(Mxfp4Tensor.Powers, device: Codes.device).index_select(0, Scales[index].flatten().to(ScalarType.Int32));
        numbers.view(-1, Mxfp4Tensor.BlockLength).mul_(powers.unsqueeze(1));
        return numbers.view(Rows, Columns).to(dtype).MoveToOuterDisposeScope();
    }

    private protected override Tensor Arrange(Tensor codes) => E2M1Words.Pack(codes);

    private protected override void FillScales(StoredRows rows, long expert, long start, long count)
    {
        var stored = rows.Tensor.Matrix(rows.Matrix);
        var own = rows.RowStep == 1
            ? BlobTensor.Over(stored.Scales + (nint)(rows.FirstRow * stored.ScaleRowBytes), [count, stored.ScaleRowBytes], ScalarType.Byte)
            : BlobTensor.Over(stored.Scales, [count, rows.RowStep, stored.ScaleRowBytes], ScalarType.Byte).select(1, rows.FirstRow);
        Scales[expert].narrow(0, start, count).copy_(own);
    }

    internal override void Examine()
    {
        using var scope = NewDisposeScope();
        var largest = Scales.NumberOfElements == 0 ? 0 : Scales.max().item<byte>();
        _obstacle = largest > LargestExponent ? $"they have a scale of 2^{largest - 127}, and the kernels take up to 2^{LargestExponent - 127}" : null;
    }
}
