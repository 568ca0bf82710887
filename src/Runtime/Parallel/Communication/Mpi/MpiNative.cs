using System.Runtime.InteropServices;

namespace Moesaic.Communication;

/// <summary>The part of MPI that we call, in Open MPI's binary interface: handles are addresses, constants are symbols of the library.</summary>
/// <remarks>Another MPI has other constants (MPICH's are integers), so the library is named by Open MPI's version of the interface.</remarks>
internal static unsafe partial class MpiNative
{
    internal const string Library = "libmpi.so.40";

    internal const int ThreadSerialized = 2;
    internal const int ErrorStringLength = 256;

    private const string Libc = "libc";

    [LibraryImport(Libc, EntryPoint = "dlopen", StringMarshalling = StringMarshalling.Utf8)]
    internal static partial nint Open(string file, int flags);

    [LibraryImport(Libc, EntryPoint = "_exit")]
    internal static partial void ExitNow(int code);

    [LibraryImport(Library, EntryPoint = "MPI_Init_thread")]
    internal static partial int InitThread(nint argc, nint argv, int required, out int provided);

    [LibraryImport(Library, EntryPoint = "MPI_Finalize")]
    internal static partial int Complete();

    [LibraryImport(Library, EntryPoint = "MPI_Comm_rank")]
    internal static partial int CommRank(nint comm, out int rank);

    [LibraryImport(Library, EntryPoint = "MPI_Comm_size")]
    internal static partial int CommSize(nint comm, out int size);

    [LibraryImport(Library, EntryPoint = "MPI_Comm_split")]
    internal static partial int CommSplit(nint comm, int color, int key, out nint newComm);

    [LibraryImport(Library, EntryPoint = "MPI_Comm_free")]
    internal static partial int CommFree(ref nint comm);

    [LibraryImport(Library, EntryPoint = "MPI_Comm_set_errhandler")]
    internal static partial int SetErrorHandler(nint comm, nint handler);

    [LibraryImport(Library, EntryPoint = "MPI_Error_string")]
    internal static partial int ErrorString(int code, byte* text, out int length);

    [LibraryImport(Library, EntryPoint = "MPI_Type_contiguous")]
    internal static partial int TypeContiguous(int count, nint type, out nint newType);

    [LibraryImport(Library, EntryPoint = "MPI_Type_commit")]
    internal static partial int TypeCommit(ref nint type);

    [LibraryImport(Library, EntryPoint = "MPI_Type_free")]
    internal static partial int TypeFree(ref nint type);

    [LibraryImport(Library, EntryPoint = "MPI_Barrier")]
    internal static partial int Barrier(nint comm);

    [LibraryImport(Library, EntryPoint = "MPI_Bcast")]
    internal static partial int Broadcast(nint buffer, int count, nint type, int root, nint comm);

    [LibraryImport(Library, EntryPoint = "MPI_Allreduce")]
    internal static partial int AllReduce(nint send, nint receive, int count, nint type, nint op, nint comm);

    [LibraryImport(Library, EntryPoint = "MPI_Allgather")]
    internal static partial int AllGather(void* send, int sendCount, nint sendType, void* receive, int receiveCount, nint receiveType, nint comm);

    [LibraryImport(Library, EntryPoint = "MPI_Allgatherv")]
    internal static partial int AllGatherV(nint send, int sendCount, nint sendType, nint receive, int* counts, int* starts, nint receiveType, nint comm);

    [LibraryImport(Library, EntryPoint = "MPI_Reduce_scatter")]
    internal static partial int ReduceScatter(nint send, nint receive, int* counts, nint type, nint op, nint comm);

    [LibraryImport(Library, EntryPoint = "MPI_Alltoallv")]
    internal static partial int AllToAllV(
        nint send, int* sendCounts, int* sendStarts, nint sendType, nint receive, int* receiveCounts, int* receiveStarts, nint receiveType, nint comm);

    [LibraryImport(Library, EntryPoint = "MPI_Isend")]
    internal static partial int SendLater(nint buffer, int count, nint type, int to, int tag, nint comm, nint* request);

    [LibraryImport(Library, EntryPoint = "MPI_Irecv")]
    internal static partial int ReceiveLater(nint buffer, int count, nint type, int from, int tag, nint comm, nint* request);

    [LibraryImport(Library, EntryPoint = "MPI_Waitall")]
    internal static partial int WaitAll(int count, nint* requests, MpiStatus* statuses);
}
