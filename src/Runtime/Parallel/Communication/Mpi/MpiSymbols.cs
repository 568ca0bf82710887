using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace Moesaic.Communication;

/// <summary>Open MPI's constants: addresses of objects in the library.</summary>
internal sealed class MpiSymbols
{
    private const int Now = 2;
    private const int Global = 0x100;

    private readonly nint _library;

    /// <summary>Loads the library for all: its plugins look up its symbols in the process, where .NET's own loading would hide them.</summary>
    /// <exception cref="CommunicationException">There is no Open MPI.</exception>
    internal MpiSymbols()
    {
        _library = MpiNative.Open(MpiNative.Library, Now | Global);
        if (_library == 0)
        {
            throw new CommunicationException($"MPI: expected Open MPI 4 or 5, found no {MpiNative.Library}; install openmpi-bin, or start one process without mpirun");
        }
    }

    internal nint World => Find("ompi_mpi_comm_world");

    internal nint Byte => Find("ompi_mpi_byte");

    internal nint Int64 => Find("ompi_mpi_int64_t");

    internal nint Sum => Find("ompi_mpi_op_sum");

    internal nint ErrorsReturn => Find("ompi_mpi_errors_return");

    /// <summary>The type of numbers that are added.</summary>
    internal nint Number(ScalarType dtype) => dtype switch
    {
        ScalarType.Float32 => Find("ompi_mpi_float"),
        ScalarType.Float64 => Find("ompi_mpi_double"),
        ScalarType.Int32 => Find("ompi_mpi_int32_t"),
        ScalarType.Int64 => Int64,
        _ => throw new CommunicationException($"MPI: expected numbers of float32, float64, int32 or int64 to add, found {dtype}"),
    };

    private nint Find(string name) => NativeLibrary.GetExport(_library, name);
}
