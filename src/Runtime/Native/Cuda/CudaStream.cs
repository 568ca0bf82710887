namespace Moesaic.Native;

/// <summary>A stream of our own, which libtorch can be made to launch on: its usual one cannot be captured.</summary>
internal sealed class CudaStream : IDisposable
{
    // CU_STREAM_NON_BLOCKING: what others queue on the legacy stream would end a capture.
    private const uint NonBlocking = 1;

    private readonly CudaDevice _device;

    /// <summary>A stream of a GPU.</summary>
    /// <exception cref="CudaException">The driver has none to give.</exception>
    internal CudaStream(CudaDevice device)
    {
        _device = device;
        device.MakeCurrent();
        CudaException.ThrowIfFailed(CudaDriver.NewStream(out var handle, NonBlocking), "a stream");
        Handle = handle;
    }

    internal nint Handle { get; }

    /// <summary>Until the result is disposed, libtorch launches on this stream in this thread.</summary>
    internal Use Enter()
    {
        OperatorException.ThrowIfFailed(StableAbi.NewStreamGuard(Handle, _device.Index, out var guard), "another CUDA stream"u8);
        return new(guard);
    }

    /// <summary>Waits for all that is queued.</summary>
    /// <exception cref="CudaException">Something of it failed.</exception>
    internal void Synchronize()
    {
        _device.MakeCurrent(); // Any thread may wait.
        CudaException.ThrowIfFailed(CudaDriver.SynchronizeStream(Handle), "what was queued on a stream");
    }

    public void Dispose() => _ = CudaDriver.DestroyStream(Handle);

    /// <summary>The time in which libtorch launches on a stream.</summary>
    internal readonly struct Use(nint guard) : IDisposable
    {
        public void Dispose() => _ = StableAbi.DeleteStreamGuard(guard);
    }
}
