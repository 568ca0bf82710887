using System.Runtime.InteropServices;

namespace Moesaic.Benchmarks.Experts;

/// <summary>Device time of work that is queued on a stream of its own, captured into a graph: no launch of the host is in it.</summary>
internal sealed unsafe partial class GpuTimer : IDisposable
{
    private const string Cuda = "libcuda.so.1";
    private const int WarmUps = 3;
    private const int Repeats = 15;

    private readonly nint _start;
    private readonly nint _end;

    internal GpuTimer()
    {
        Check(NewStream(out var stream, 1));
        Check(NewEvent(out _start, 0));
        Check(NewEvent(out _end, 0));
        Stream = stream;
    }

    internal nint Stream { get; }

    /// <summary>The median milliseconds of one replay.</summary>
    internal double Graph(Action queue)
    {
        Check(BeginCapture(Stream, 2));
        queue();
        Check(EndCapture(Stream, out var graph));
        Check(Instantiate(out var executable, graph, 0));
        var time = Time(() => Check(LaunchGraph(executable, Stream)), Stream);
        Check(DestroyExecutable(executable));
        Check(DestroyGraph(graph));
        return time;
    }

    /// <summary>The median milliseconds of what is queued on a stream, launches included.</summary>
    internal double Time(Action queue, nint stream)
    {
        for (var i = 0; i < WarmUps; i++)
        {
            queue();
        }

        var times = new float[Repeats];
        for (var i = 0; i < Repeats; i++)
        {
            Check(Record(_start, stream));
            queue();
            Check(Record(_end, stream));
            Check(Wait(_end));
            Check(Elapsed(out times[i], _start, _end));
        }

        Array.Sort(times);
        return times[Repeats / 2];
    }

    internal void Synchronize() => Check(WaitForStream(Stream));

    public void Dispose() => Check(DestroyStream(Stream));

    private static void Check(int code)
    {
        if (code != 0)
        {
            throw new InvalidOperationException($"CUDA error {code}");
        }
    }

    [LibraryImport(Cuda, EntryPoint = "cuStreamCreate")]
    private static partial int NewStream(out nint stream, uint flags);

    [LibraryImport(Cuda, EntryPoint = "cuStreamDestroy_v2")]
    private static partial int DestroyStream(nint stream);

    [LibraryImport(Cuda, EntryPoint = "cuStreamSynchronize")]
    private static partial int WaitForStream(nint stream);

    [LibraryImport(Cuda, EntryPoint = "cuStreamBeginCapture_v2")]
    private static partial int BeginCapture(nint stream, int mode);

    [LibraryImport(Cuda, EntryPoint = "cuStreamEndCapture")]
    private static partial int EndCapture(nint stream, out nint graph);

    [LibraryImport(Cuda, EntryPoint = "cuGraphInstantiateWithFlags")]
    private static partial int Instantiate(out nint executable, nint graph, ulong flags);

    [LibraryImport(Cuda, EntryPoint = "cuGraphLaunch")]
    private static partial int LaunchGraph(nint executable, nint stream);

    [LibraryImport(Cuda, EntryPoint = "cuGraphExecDestroy")]
    private static partial int DestroyExecutable(nint executable);

    [LibraryImport(Cuda, EntryPoint = "cuGraphDestroy")]
    private static partial int DestroyGraph(nint graph);

    [LibraryImport(Cuda, EntryPoint = "cuEventCreate")]
    private static partial int NewEvent(out nint handle, uint flags);

    [LibraryImport(Cuda, EntryPoint = "cuEventRecord")]
    private static partial int Record(nint handle, nint stream);

    [LibraryImport(Cuda, EntryPoint = "cuEventSynchronize")]
    private static partial int Wait(nint handle);

    [LibraryImport(Cuda, EntryPoint = "cuEventElapsedTime_v2")]
    private static partial int Elapsed(out float milliseconds, nint start, nint end);
}
