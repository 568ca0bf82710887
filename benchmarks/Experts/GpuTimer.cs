using System.Runtime.InteropServices;
using Moesaic.Kernels;
using Moesaic.Native;

namespace Moesaic.Benchmarks.Experts;

/// <summary>Device time of work that is queued on a stream of its own, captured into a graph: no launch of the host is in it.</summary>
internal sealed unsafe partial class GpuTimer : IDisposable
{
    private const string Cuda = "libcuda.so.1";
    private const int WarmUps = 3;
    private const int Repeats = 15;

    internal GpuTimer()
    {
        Check(CudaDriver.NewStream(out var stream, 1));
        Stream = stream;
    }

    internal nint Stream { get; }

    /// <summary>The median milliseconds of one replay.</summary>
    internal double Graph(Action queue)
    {
        Check(BeginCapture(Stream, 2));
        queue();
        Check(CudaDriver.EndCapture(Stream, out var graph));
        Check(Instantiate(out var executable, graph, 0));
        var time = Time(() => Check(LaunchGraph(executable, Stream)), Stream);
        Check(DestroyExecutable(executable));
        Check(DestroyGraph(graph));
        return time;
    }

    /// <summary>The median milliseconds of what is queued on a stream, launches included.</summary>
    internal static double Time(Action queue, nint stream) => PlanTimer.Time(stream, queue, WarmUps, Repeats);

    internal void Synchronize() => Check(CudaDriver.SynchronizeStream(Stream));

    public void Dispose() => Check(CudaDriver.DestroyStream(Stream));

    private static void Check(int code)
    {
        if (code != 0)
        {
            throw new InvalidOperationException($"CUDA error {code}");
        }
    }

    [LibraryImport(Cuda, EntryPoint = "cuStreamBeginCapture_v2")]
    private static partial int BeginCapture(nint stream, int mode);

    [LibraryImport(Cuda, EntryPoint = "cuGraphInstantiateWithFlags")]
    private static partial int Instantiate(out nint executable, nint graph, ulong flags);

    [LibraryImport(Cuda, EntryPoint = "cuGraphLaunch")]
    private static partial int LaunchGraph(nint executable, nint stream);

    [LibraryImport(Cuda, EntryPoint = "cuGraphExecDestroy")]
    private static partial int DestroyExecutable(nint executable);

    [LibraryImport(Cuda, EntryPoint = "cuGraphDestroy")]
    private static partial int DestroyGraph(nint graph);
}
