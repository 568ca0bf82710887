using Moesaic.Checkpoints;

namespace Moesaic.Kernels.Cpu;

/// <summary>Where the rows of a matrix of weights lie, at any address.</summary>
internal readonly unsafe struct WeightMatrix
{
    private readonly byte* _values;
    private readonly byte* _scales;
    private readonly nint _scaleStride;
    private readonly nint _rowsPerScale;
    private readonly nint _firstRow;
    private readonly nint _rowStep;

    /// <summary>Plain rows.</summary>
    /// <param name="values">The first of them.</param>
    /// <param name="stride">From row to row, in bytes.</param>
    internal WeightMatrix(byte* values, nint stride)
    {
        _values = values;
        Stride = stride;
        _rowsPerScale = 1;
    }

    /// <summary>Quantized rows.</summary>
    internal WeightMatrix(in StoredMatrix stored)
    {
        (_firstRow, _rowStep, _rowsPerScale) = ((nint)stored.FirstRow, (nint)stored.RowStep, (nint)stored.RowsPerScale);
        _values = (byte*)stored.Values + (_firstRow * (nint)stored.RowBytes);
        _scales = (byte*)stored.Scales;
        _scaleStride = (nint)stored.ScaleRowBytes;
        Stride = (nint)stored.RowBytes * _rowStep;
    }

    /// <summary>From row to row, in bytes.</summary>
    internal nint Stride { get; }

    internal WeightRow Row(int index) =>
        new(_values + (index * Stride), _scales + ((_firstRow + (index * _rowStep)) / _rowsPerScale * _scaleStride));
}
