using System.Runtime.InteropServices;

namespace Moesaic.Native;

/// <summary>libtorch's <c>at::cuda::CUDAGraph</c>, which has no C ABI: its exported C++ methods, called by their mangled names.</summary>
/// <remarks>
/// <code>
///   CUDAGraph(bool keep_graph)                                                          since 2.9
///   void capture_begin(std::pair&lt;uint64, uint64&gt; pool, cudaStreamCaptureMode mode)      the pair in two registers
///   void capture_end()    void replay()    ~CUDAGraph()
/// </code>
/// What it has that the driver's own capture has not is memory: all that is allocated meanwhile comes from a pool that stays the graph's.
/// An exception of theirs would end the process, so what they refuse is refused before.
/// </remarks>
internal static unsafe class TorchGraphs
{
    private const string Constructor = "_ZN2at4cuda9CUDAGraphC1Eb";
    private const string Destructor = "_ZN2at4cuda9CUDAGraphD1Ev";
    private const string Begin = "_ZN2at4cuda9CUDAGraph13capture_beginESt4pairIyyE21cudaStreamCaptureMode";
    private const string End = "_ZN2at4cuda9CUDAGraph11capture_endEv";
    private const string Replay = "_ZN2at4cuda9CUDAGraph6replayEv";

    // Its size is not known here; it was 400 bytes at most so far.
    private const int Bytes = 8192;

    private static readonly Lazy<Methods?> Known = new(static () => Find());

    /// <summary>Whether this libtorch has them under these names.</summary>
    internal static bool AreKnown => Known.Value is not null;

    internal static nint New()
    {
        var graph = NativeMemory.AlignedAlloc(Bytes, 64);
        NativeMemory.Clear(graph, Bytes);
        Known.Value!.New(graph, 0);
        return (nint)graph;
    }

    internal static void BeginCapture(nint graph, int mode) => Known.Value!.Begin((void*)graph, 0, 0, mode);

    internal static void EndCapture(nint graph) => Known.Value!.End((void*)graph);

    internal static void Launch(nint graph) => Known.Value!.Replay((void*)graph);

    internal static void Delete(nint graph)
    {
        Known.Value!.Delete((void*)graph);
        NativeMemory.AlignedFree((void*)graph);
    }

    private static Methods? Find()
    {
        // The names and the registers are those of the Itanium C++ ABI on x64.
        if (!OperatingSystem.IsLinux() || RuntimeInformation.ProcessArchitecture != Architecture.X64
            || !NativeLibrary.TryLoad("torch_cuda", typeof(TorchGraphs).Assembly, null, out var library))
        {
            return null;
        }

        return NativeLibrary.TryGetExport(library, Constructor, out var constructor) && NativeLibrary.TryGetExport(library, Destructor, out var destructor)
            && NativeLibrary.TryGetExport(library, Begin, out var begin) && NativeLibrary.TryGetExport(library, End, out var end)
            && NativeLibrary.TryGetExport(library, Replay, out var replay)
            ? new()
            {
                New = (delegate* unmanaged<void*, byte, void>)constructor,
                Delete = (delegate* unmanaged<void*, void>)destructor,
                Begin = (delegate* unmanaged<void*, ulong, ulong, int, void>)begin,
                End = (delegate* unmanaged<void*, void>)end,
                Replay = (delegate* unmanaged<void*, void>)replay,
            }
            : null;
    }

    private sealed class Methods
    {
        internal delegate* unmanaged<void*, byte, void> New { get; init; }

        internal delegate* unmanaged<void*, void> Delete { get; init; }

        internal delegate* unmanaged<void*, ulong, ulong, int, void> Begin { get; init; }

        internal delegate* unmanaged<void*, void> End { get; init; }

        internal delegate* unmanaged<void*, void> Replay { get; init; }
    }
}
