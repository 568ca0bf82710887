using Moesaic.Checkpoints;
using Moesaic.Kernels;
using Moesaic.Native;
using static TorchSharp.torch;

namespace Moesaic.Benchmarks.Experts;

/// <summary>A random matrix of each expert, as kernels read it, and in float64.</summary>
internal sealed class LayerMatrix : IDisposable
{
    private const int BlockColumns = 128;
    private const int MxColumns = 32;
    private const ScalarType E4M3 = (ScalarType)24; // TorchSharp has no name for it: c10/core/ScalarType.h.

    private readonly WeightFormat _format;
    private readonly ScaleGrid _grid;
    private readonly Tensor _values;
    private readonly Tensor? _scales;

    /// <param name="grid">Of e4m3: what a scale covers.</param>
    internal LayerMatrix(WeightFormat format, long experts, long rows, long columns, ScaleGrid grid)
    {
        (_format, _grid) = (format, grid);
        var spread = 1 / Math.Sqrt(columns);
        if (!format.IsCoded)
        {
            _values = empty([experts, rows, columns], Dtype(format), CUDA).normal_(0, spread);
            return;
        }

        if (format == WeightFormat.E4M3)
        {
            // Magnitudes below 2: with 16 times the probability of a normal distribution they are subnormal.
            _values = randint(256, [experts, rows, columns], ScalarType.Byte, CUDA).bitwise_and_(0xbf);
            long[] shape = [experts, rows / grid.Rows, grid.CoversColumns ? 1 : Blocks(columns)];
            _scales = rand(shape, ScalarType.Float32, CUDA).add_(0.5).mul_(2 * spread);
        }
        else
        {
            _values = randint(256, [experts, rows, columns / 2], ScalarType.Byte, CUDA);
            var middle = (int)Math.Round(127 + Math.Log2(spread / 3));
            _scales = randint(middle - 3, middle + 2, [experts, rows, columns / MxColumns], ScalarType.Byte, CUDA);
        }
    }

    private LayerMatrix(Tensor values) => (_format, _values) = (WeightFormat.BFloat16, values);

    /// <summary>The same in bfloat16, as loading makes it of codes.</summary>
    internal LayerMatrix Widened()
    {
        using var scope = NewDisposeScope();
        return new(stack([.. Enumerable.Range(0, (int)_values.size(0)).Select(expert => Loaded(expert))]).DetachFromDisposeScope());
    }

    /// <summary>As a kernel takes it.</summary>
    internal DeviceMatrices Device => _scales is null
        ? new(Aten.DataPointer(_values))
        : _format == WeightFormat.E2M1 ? new(Aten.DataPointer(_values), Aten.DataPointer(_scales), 0, (int)_scales.size(2), BlockColumns / MxColumns)
        : new(
            Aten.DataPointer(_values), Aten.DataPointer(_scales), _scales.size(1) == _values.size(1) ? 0 : 3, (int)_scales.size(2) * sizeof(float),
            _grid.CoversColumns ? 0 : sizeof(float));

    /// <summary>The plain tensor; of none that is coded.</summary>
    internal Tensor Plain => _scales is null ? _values : throw new InvalidOperationException("the weights are coded");

    /// <summary>[rows, columns] float64 of one expert.</summary>
    internal Tensor Expert(long expert)
    {
        using var scope = NewDisposeScope();
        var values = _values[expert];
        if (_scales is null)
        {
            return values.to(float64).MoveToOuterDisposeScope();
        }

        var scales = _scales[expert].to(float64);
        if (_format == WeightFormat.E4M3)
        {
            var numbers = Aten.View(values, E4M3).to(ScalarType.Float32).to(float64);
            var grid = scales.repeat_interleave(values.size(0) / scales.size(0), 0).repeat_interleave(_grid.CoversColumns ? values.size(1) : BlockColumns, 1);
            return (numbers * grid.narrow(1, 0, values.size(1))).MoveToOuterDisposeScope();
        }

        var table = tensor(new double[] { 0, 0.5, 1, 1.5, 2, 3, 4, 6, 0, -0.5, -1, -1.5, -2, -3, -4, -6 }, device: CUDA);
        var codes = E2M1Words.Codes(values);
        var powers = pow(tensor(2.0, float64, CUDA), scales - 127).repeat_interleave(MxColumns, 1);
        return (table.index_select(0, codes.flatten()).view(values.size(0), -1) * powers).MoveToOuterDisposeScope();
    }

    /// <summary>[rows, columns] bf16 of one expert that is coded: what loading makes of it, which multiplies in float32.</summary>
    private Tensor Loaded(long expert)
    {
        using var scope = NewDisposeScope();
        if (_format == WeightFormat.E2M1)
        {
            return Expert(expert).to(ScalarType.BFloat16).MoveToOuterDisposeScope();
        }

        var (values, scales) = (_values[expert], _scales![expert]);
        var numbers = Aten.View(values, E4M3).to(ScalarType.Float32);
        var grid = scales.repeat_interleave(values.size(0) / scales.size(0), 0).repeat_interleave(_grid.CoversColumns ? values.size(1) : BlockColumns, 1);
        return (numbers * grid.narrow(1, 0, values.size(1))).to(ScalarType.BFloat16).MoveToOuterDisposeScope();
    }

    /// <summary>Bytes of all experts, with their scales.</summary>
    internal double Bytes => Size(_values) + (_scales is null ? 0 : Size(_scales));

    internal static ScalarType Dtype(WeightFormat format) => format == WeightFormat.Float16 ? ScalarType.Float16 : ScalarType.BFloat16;

    public void Dispose()
    {
        _values.Dispose();
        _scales?.Dispose();
    }

    private static long Blocks(long columns) => (columns + BlockColumns - 1) / BlockColumns;

    private static double Size(Tensor tensor) => (double)tensor.NumberOfElements * tensor.element_size();
}
