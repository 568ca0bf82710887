using System.Runtime.InteropServices;

namespace Moesaic.Native;

/// <summary>CUtensorMap: a matrix in device memory, as Hopper's copy engine sees it.</summary>
[StructLayout(LayoutKind.Sequential, Size = 128)]
internal unsafe struct TensorMap
{
    // CUDA driver API, cuTensorMapEncodeTiled.
    private const int Byte = 0;
    private const int BrainFloat16 = 9;
    private const int Float16 = 6;
    private const int NoSwizzle = 0;
    private const int Swizzle128Bytes = 3;
    private const int Promote256Bytes = 3;

    private fixed ulong _opaque[16];

    /// <summary>Boxes of a matrix of 16-bit numbers, of rows that lie one after the other.</summary>
    /// <param name="address">A multiple of 16.</param>
    /// <param name="rows">Of the matrix.</param>
    /// <param name="columns">Of the matrix, a multiple of 8.</param>
    /// <param name="boxRows">Of a box, at most 256.</param>
    /// <param name="boxColumns">Of a box: 64, or 128 bytes, which the swizzle needs.</param>
    /// <param name="isBrainFloat">bfloat16, not float16.</param>
    /// <exception cref="CudaException">The driver refused it.</exception>
    internal static TensorMap Of(nint address, long rows, long columns, int boxRows, int boxColumns, bool isBrainFloat) =>
        Encode(address, isBrainFloat ? BrainFloat16 : Float16, sizeof(ushort), rows, columns, boxRows, boxColumns, Swizzle128Bytes);

    /// <summary>Boxes of a matrix of bytes, whose rows lie in shared memory as they are, one after the other.</summary>
    /// <param name="address">A multiple of 16.</param>
    /// <param name="rows">Of the matrix.</param>
    /// <param name="rowBytes">Of the matrix, a multiple of 16.</param>
    /// <param name="boxRows">Of a box, at most 256.</param>
    /// <param name="boxBytes">Of a row of a box, a multiple of 16.</param>
    /// <exception cref="CudaException">The driver refused it.</exception>
    internal static TensorMap OfBytes(nint address, long rows, long rowBytes, int boxRows, int boxBytes) =>
        Encode(address, Byte, 1, rows, rowBytes, boxRows, boxBytes, NoSwizzle);

    private static TensorMap Encode(nint address, int type, int elementBytes, long rows, long columns, int boxRows, int boxColumns, int swizzle)
    {
        TensorMap map;
        var sizes = stackalloc ulong[] { (ulong)columns, (ulong)rows };
        var strides = stackalloc ulong[] { (ulong)(columns * elementBytes) };
        var box = stackalloc uint[] { (uint)boxColumns, (uint)boxRows };
        var elementStrides = stackalloc uint[] { 1, 1 };
        CudaException.ThrowIfFailed(
            CudaDriver.EncodeTensorMap(&map, type, 2, address, sizes, strides, box, elementStrides, 0, swizzle, Promote256Bytes, 0),
            $"a tensor map of {rows} by {columns}");
        return map;
    }
}
