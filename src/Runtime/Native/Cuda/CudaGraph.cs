namespace Moesaic.Native;

/// <summary>Work of a GPU that was queued once and is launched again and again, as one.</summary>
internal abstract class CudaGraph : IDisposable
{
    // cudaStreamCaptureModeThreadLocal: what other threads do meanwhile does not matter.
    private protected const int OfThisThread = 1;

    /// <summary>Captures what <paramref name="queue"/> queues on a stream that libtorch launches on now.</summary>
    /// <remarks>It has run before, on this stream: kernels are loaded and lasting memory is there.</remarks>
    /// <exception cref="CudaException">It cannot be captured.</exception>
    internal static CudaGraph Capture(CudaStream stream, Action queue) =>
        TorchGraphs.AreKnown && Environment.GetEnvironmentVariable("MOESAIC_CAPTURE") != "driver" ? new Pooled(stream, queue) : new Plain(stream, queue);

    /// <summary>Queues it.</summary>
    internal abstract void Launch();

    public abstract void Dispose();

    /// <summary>With memory of libtorch's that nobody else gets.</summary>
    private sealed class Pooled : CudaGraph
    {
        private readonly nint _graph;
        private readonly CudaStream _stream;

        internal Pooled(CudaStream stream, Action queue)
        {
            _stream = stream;
            _graph = TorchGraphs.New();
            TorchGraphs.BeginCapture(_graph, OfThisThread);
            try
            {
                queue();
            }
            catch
            {
                // Their own end would throw now, through us, and end the process.
                _ = CudaDriver.EndCapture(stream.Handle, out _);
                throw;
            }

            TorchGraphs.EndCapture(_graph);
        }

        internal override void Launch()
        {
            using var use = _stream.Enter();
            TorchGraphs.Launch(_graph);
        }

        public override void Dispose() => TorchGraphs.Delete(_graph);
    }

    /// <summary>With memory that libtorch's allocator keeps for the stream.</summary>
    private sealed class Plain : CudaGraph
    {
        private readonly CudaStream _stream;
        private readonly nint _executable;

        internal Plain(CudaStream stream, Action queue)
        {
            _stream = stream;
            CudaException.ThrowIfFailed(CudaDriver.BeginCapture(stream.Handle, OfThisThread), "the beginning of a capture");
            nint graph;
            try
            {
                queue();
            }
            finally
            {
                CudaException.ThrowIfFailed(CudaDriver.EndCapture(stream.Handle, out graph), "the end of a capture");
            }

            var code = CudaDriver.InstantiateGraph(out _executable, graph, 0);
            _ = CudaDriver.DestroyGraph(graph);
            CudaException.ThrowIfFailed(code, "a graph");
        }

        internal override void Launch() => CudaException.ThrowIfFailed(CudaDriver.LaunchGraph(_executable, _stream.Handle), "a graph");

        public override void Dispose() => _ = CudaDriver.DestroyExecutable(_executable);
    }
}
