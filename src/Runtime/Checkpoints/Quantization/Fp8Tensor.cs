using static TorchSharp.torch;

namespace Moesaic.Checkpoints;

/// <summary>A matrix of 8-bit floats, or a stack of them, with a scale for each block of each; blocks at the edges may be smaller.</summary>
internal sealed class Fp8Tensor(CheckpointTensor values, CheckpointTensor scales, long[] shape, (long Rows, long Columns) block)
    : QuantizedTensor(values, scales, shape)
{
    /// <summary>Columns of a scale that a kernel can read where it lies; or all of them.</summary>
    internal const int StreamedColumns = 128;

    // Kernels multiply scales with 2^120 to make up for the exponent of e4m3 numbers that are read as float32.
    private const float LargestScale = 128;

    // The codes of e4m3 that are no numbers, of either sign. Kernels read them as 480.
    private const byte NotANumber = 0x7f;
    private const byte NotANumberEither = 0xff;

    private readonly bool[] _areNumbers = new bool[shape[..^2].Aggregate(1L, static (product, size) => product * size)];

    internal override QuantizedFormat Format => QuantizedFormat.Fp8;

    internal override string? Obstacle => Scales.Dtype.Name != "F32" ? $"its scales are {Scales.Dtype.Name}, and the kernel takes F32"
        : block.Columns != StreamedColumns && block.Columns < Shape[^1] ? $"its scales cover {block.Columns} columns each, and the kernel takes {StreamedColumns} or whole rows"
        : HasLargeScales() ? $"it has a scale of {LargestScale} or more"
        : null;

    internal override string? DeviceObstacle => block.Columns != StreamedColumns && block.Columns < Shape[^1]
        ? $"its scales cover {block.Columns} columns each, and the kernels take {StreamedColumns} or whole rows"
        : null;

    /// <summary>Stored rows that share scales.</summary>
    internal long BlockRows => block.Rows;

    /// <summary>A scale covers whole rows.</summary>
    internal bool HasRowScales => block.Columns >= Shape[^1];

    // A block that covers all rows starts with every part.
    protected override long RowUnit => block.Rows >= Shape[^2] ? 1 : block.Rows;

    /// <summary>How many blocks cover a dimension.</summary>
    internal static long Blocks(long size, long block) => (size / block) + (size % block == 0 ? 0 : 1);

    internal override StoredMatrix Matrix(long index)
    {
        var (rows, columns) = (Shape[^2], Shape[^1]);
        var (gridRows, gridColumns) = (Blocks(rows, block.Rows), Blocks(columns, block.Columns));
        var isShared = Scales.ByteLength == gridRows * gridColumns * sizeof(float); // One grid may serve all matrices.
        var scales = Scales.Address + (nint)((isShared ? 0 : index) * gridRows * gridColumns * sizeof(float));
        return new(Values.Address + (nint)(index * rows * columns), columns, scales, block.Rows, gridColumns * sizeof(float));
    }

    internal override unsafe void ThrowIfNotNumbers(long matrix)
    {
        if (_areNumbers[matrix])
        {
            return;
        }

        var (rows, columns) = (Shape[^2], Shape[^1]);
        for (long row = 0; row < rows; row++)
        {
            var codes = new ReadOnlySpan<byte>((byte*)Values.Address + (((matrix * rows) + row) * columns), checked((int)columns));
            var column = codes.IndexOfAny(NotANumber, NotANumberEither);
            if (column >= 0)
            {
                throw CheckpointException.Of(
                    Values.File, Values.Name, "fp8 codes of numbers", $"one that is none in matrix {matrix}, row {row}, column {column}",
                    "make the checkpoint again from weights that are numbers");
            }
        }

        _areNumbers[matrix] = true;
    }

    internal override void Decode(long start, Tensor target)
    {
        using var scope = NewDisposeScope();
        var stored = Read(Values, Shape).narrow(0, start, target.shape[0]);
        target.copy_(stored);
        if (Shape.Length == 2)
        {
            Scale(target, Grid(0), start / block.Rows);
            return;
        }

        for (long index = 0; index < target.shape[0]; index++)
        {
            Scale(target.select(0, index), Grid(start + index), 0);
        }
    }

    /// <summary>The scales of one matrix, [blocks of rows, columns] float32.</summary>
    private Tensor Grid(long matrix) => ScalesOf(matrix).repeat_interleave(block.Columns, 1).narrow(1, 0, Shape[^1]);

    /// <summary>The scales of one matrix, [blocks of rows, blocks of columns] float32, in the current dispose scope.</summary>
    internal Tensor ScalesOf(long matrix)
    {
        long[] grid = [Blocks(Shape[^2], block.Rows), Blocks(Shape[^1], block.Columns)];
        var count = Scales.Shape.Aggregate(1L, static (product, size) => product * size);
        var all = Read(Scales, [count / (grid[0] * grid[1]), grid[0], grid[1]]);
        return all.select(0, all.shape[0] == 1 ? 0 : matrix).to(ScalarType.Float32); // One may serve all matrices.
    }

    /// <param name="values">Rows of the matrix, the first of them the first of a block.</param>
    /// <param name="grid">[blocks of rows, columns].</param>
    /// <param name="firstBlock">The block of the first row.</param>
    private void Scale(Tensor values, Tensor grid, long firstBlock)
    {
        var (whole, rest) = (values.shape[0] / block.Rows, values.shape[0] % block.Rows);
        if (whole > 0)
        {
            values.narrow(0, 0, whole * block.Rows).view(whole, block.Rows, -1).mul_(grid.narrow(0, firstBlock, whole).unsqueeze(1));
        }

        if (rest > 0)
        {
            values.narrow(0, whole * block.Rows, rest).mul_(grid.narrow(0, firstBlock + whole, 1));
        }
    }

    private bool HasLargeScales()
    {
        using var scope = NewDisposeScope();
        var largest = Read(Scales, [Scales.ByteLength / sizeof(float)]).abs().max().item<float>();
        return !(largest < LargestScale); // Nor is it no number.
    }
}
