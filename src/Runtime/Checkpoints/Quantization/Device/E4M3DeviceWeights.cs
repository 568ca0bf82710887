using Moesaic.Kernels;
using Moesaic.Native;
using TorchSharp;
using static TorchSharp.torch;

namespace Moesaic.Checkpoints;

/// <summary>e4m3 codes, and float32 scales for 128 columns, or all, of 8 rows, or each: as fine as the checkpoint's blocks need it.</summary>
internal sealed class E4M3DeviceWeights : DeviceWeights
{
    private const int SharedRows = 8;
    private const int NotANumber = 0x7f;

    private readonly int _rowsOfScale;
    private string? _obstacle;

    internal E4M3DeviceWeights(MappedWeights source, Device device)
        : base(source, source.Shape.Columns, device)
    {
        _rowsOfScale = source.HasSharedScales(SharedRows) ? SharedRows : 1;
        HasRowScales = source.HasRowScales;
        var columns = HasRowScales ? 1 : Fp8Tensor.Blocks(Columns, Fp8Tensor.StreamedColumns);
        Scales = empty([Codes.size(0), Rows / _rowsOfScale, columns], ScalarType.Float32, device).DetachFromDisposeScope();
    }

    internal override Tensor Scales { get; }

    internal override bool HasRowScales { get; }

    internal override DeviceMatrices Matrices => new(
        Aten.DataPointer(Codes), Aten.DataPointer(Scales), _rowsOfScale == 1 ? 0 : 3, (int)Scales.size(2) * sizeof(float), HasRowScales ? 0 : sizeof(float));

    internal override string? Obstacle(DeviceType device) => _obstacle;

    internal override Tensor Expert(int index, ScalarType dtype)
    {
        using var scope = NewDisposeScope();
        var numbers = Aten.View(Codes[index], Fp8Encoding.E4M3).to(ScalarType.Float32).view(-1, _rowsOfScale, Columns);
        var scales = Scales[index].unsqueeze(1);                                                                    // [rows / 8, 1, columns / 128]
        numbers.mul_(HasRowScales ? scales : scales.repeat_interleave(Fp8Tensor.StreamedColumns, 2).narrow(2, 0, Columns));
        return numbers.view(Rows, Columns).to(dtype).MoveToOuterDisposeScope();
    }

    private protected override void FillScales(StoredRows rows, long expert, long start, long count)
    {
        var stored = (Fp8Tensor)rows.Tensor;
        var first = arange(0, count / _rowsOfScale).mul_(_rowsOfScale * rows.RowStep).add_(rows.FirstRow);
        var own = stored.ScalesOf(rows.Matrix).index_select(0, first.div(stored.BlockRows, RoundingMode.floor));
        Scales[expert].narrow(0, start / _rowsOfScale, count / _rowsOfScale).copy_(own);
    }

    /// <summary>Moved bits make a number of a code that is none.</summary>
    internal override void Examine()
    {
        using var scope = NewDisposeScope();
        var found = zeros(1, ScalarType.Bool, Codes.device);
        for (var expert = 0; expert < Codes.size(0); expert++)
        {
            using var inner = NewDisposeScope();
            found.logical_or_(Codes[expert].bitwise_and(NotANumber).eq(NotANumber).any());
        }

        _obstacle = found.item<bool>() ? "some of their codes are no numbers" : null;
    }
}
