namespace Moesaic.Native;

/// <summary>Work of a GPU that was queued once and is launched again and again, as one, in memory that nobody else gets meanwhile.</summary>
internal sealed class CudaGraph : IDisposable
{
    // cudaStreamCaptureModeThreadLocal: what other threads do meanwhile does not matter.
    private const int OfThisThread = 1;

    private readonly CudaStream _stream;
    private readonly nint _graph;

    private CudaGraph(CudaStream stream, nint graph) => (_stream, _graph) = (stream, graph);

    /// <summary>Why nothing can be captured; null where it can.</summary>
    internal static string? WhyNone =>
        TorchGraphs.AreKnown ? null : "this libtorch has no at::cuda::CUDAGraph with the methods that are known of it; 2.9 to 2.11 on x64 Linux have";

    /// <summary>Captures what <paramref name="queue"/> queues on a stream that libtorch launches on now. None of it runs.</summary>
    /// <remarks>It has run before, on this stream: kernels are loaded, and what is to stay from launch to launch is there.</remarks>
    /// <exception cref="CudaException">Nothing can be captured.</exception>
    internal static CudaGraph Capture(CudaStream stream, Action queue)
    {
        if (WhyNone is { } reason)
        {
            throw new CudaException(reason);
        }

        var graph = TorchGraphs.New();
        TorchGraphs.BeginCapture(graph, OfThisThread);
        try
        {
            queue();
        }
        catch
        {
            // The driver's own end, since libtorch's would throw through us now and end the process. What little the graph holds is lost.
            _ = CudaDriver.EndCapture(stream.Handle, out _);
            throw;
        }

        TorchGraphs.EndCapture(graph);
        return new(stream, graph);
    }

    /// <summary>Queues it.</summary>
    internal void Launch()
    {
        using var use = _stream.Enter();
        TorchGraphs.Launch(_graph);
    }

    public void Dispose() => TorchGraphs.Delete(_graph);
}
