using System.Runtime.InteropServices;

namespace Moesaic.Communication;

/// <summary>The part of NCCL that we call, and what libtorch says of its devices and streams. NCCL's functions return 0 or a ncclResult_t.</summary>
internal static unsafe partial class NcclNative
{
    /// <summary><see cref="Libtorch"/> knows where it is.</summary>
    internal const string Library = "libnccl.so.2";

    internal const int Sum = 0;
    internal const int UInt8 = 1;

    private const string TorchCuda = "torch_cuda";

    [LibraryImport(Library, EntryPoint = "ncclGetVersion")]
    internal static partial int GetVersion(out int version);

    [LibraryImport(Library, EntryPoint = "ncclGetErrorString")]
    internal static partial byte* GetErrorString(int result);

    [LibraryImport(Library, EntryPoint = "ncclGetLastError")]
    internal static partial byte* GetLastError(nint comm);

    [LibraryImport(Library, EntryPoint = "ncclGetUniqueId")]
    internal static partial int GetUniqueId(NcclUniqueId* id);

    [LibraryImport(Library, EntryPoint = "ncclCommInitRank")]
    internal static partial int InitRank(out nint comm, int ranks, NcclUniqueId id, int rank);

    [LibraryImport(Library, EntryPoint = "ncclCommSplit")]
    internal static partial int Split(nint comm, int color, int key, out nint newComm, nint config);

    [LibraryImport(Library, EntryPoint = "ncclCommDestroy")]
    internal static partial int Destroy(nint comm);

    [LibraryImport(Library, EntryPoint = "ncclCommAbort")]
    internal static partial int Abort(nint comm);

    [LibraryImport(Library, EntryPoint = "ncclCommGetAsyncError")]
    internal static partial int GetAsyncError(nint comm, out int error);

    [LibraryImport(Library, EntryPoint = "ncclGroupStart")]
    internal static partial int GroupStart();

    [LibraryImport(Library, EntryPoint = "ncclGroupEnd")]
    internal static partial int GroupEnd();

    [LibraryImport(Library, EntryPoint = "ncclAllReduce")]
    internal static partial int AllReduce(nint send, nint receive, nuint count, int type, int op, nint comm, nint stream);

    [LibraryImport(Library, EntryPoint = "ncclReduce")]
    internal static partial int Reduce(nint send, nint receive, nuint count, int type, int op, int root, nint comm, nint stream);

    [LibraryImport(Library, EntryPoint = "ncclReduceScatter")]
    internal static partial int ReduceScatter(nint send, nint receive, nuint receiveCount, int type, int op, nint comm, nint stream);

    [LibraryImport(Library, EntryPoint = "ncclAllGather")]
    internal static partial int AllGather(nint send, nint receive, nuint sendCount, int type, nint comm, nint stream);

    [LibraryImport(Library, EntryPoint = "ncclBroadcast")]
    internal static partial int Broadcast(nint send, nint receive, nuint count, int type, int root, nint comm, nint stream);

    [LibraryImport(Library, EntryPoint = "ncclSend")]
    internal static partial int Send(nint buffer, nuint count, int type, int peer, nint comm, nint stream);

    [LibraryImport(Library, EntryPoint = "ncclRecv")]
    internal static partial int Receive(nint buffer, nuint count, int type, int peer, nint comm, nint stream);

    /// <summary>Makes a GPU this thread's current one until the guard is deleted.</summary>
    [LibraryImport(TorchCuda, EntryPoint = "aoti_torch_create_cuda_guard")]
    internal static partial int NewDeviceGuard(int device, out nint guard);

    [LibraryImport(TorchCuda, EntryPoint = "aoti_torch_delete_cuda_guard")]
    internal static partial int DeleteDeviceGuard(nint guard);
}
