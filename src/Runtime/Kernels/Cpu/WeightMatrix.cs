namespace Moesaic.Kernels.Cpu;

/// <summary>Where the rows of a matrix of weights lie, at any address.</summary>
/// <param name="values">The first row.</param>
/// <param name="stride">From row to row, in bytes.</param>
internal readonly unsafe struct WeightMatrix(byte* values, nint stride)
{
    internal nint Stride => stride;

    internal WeightRow Row(int index) => new(values + (index * stride), null);
}
