using Moesaic.Native;

namespace Moesaic.Communication;

/// <summary>Looks at queued calls from beside: a GPU that waits for a rank that hangs would be waited for without end.</summary>
internal sealed class NcclWatch : IDisposable
{
    private const int InProgress = 7; // ncclInProgress
    private const int NotReady = 600; // CUDA_ERROR_NOT_READY
    private const uint NoTiming = 2; // CU_EVENT_DISABLE_TIMING

    private readonly CudaDevice _device;
    private readonly TimeSpan _limit;
    private readonly Action<string> _end;
    private readonly Timer _timer;
    private readonly List<nint> _comms = [];
    private readonly Lock _lock = new();
    private nint _event;
    private nint _stream;
    private long _queued;
    private long _marked;
    private long? _since;
    private bool _isDisposed;

    /// <param name="end">Told why; does not return.</param>
    internal NcclWatch(int device, TimeSpan limit, Action<string> end)
    {
        (_device, _limit, _end) = (CudaDevice.Open(device), limit, end);
        var period = TimeSpan.FromSeconds(Math.Clamp(limit.TotalSeconds / 4, 0.05, 1));
        _timer = new(_ => Look(), null, period, period);
    }

    internal void Add(nint comm)
    {
        lock (_lock)
        {
            _comms.Add(comm);
        }
    }

    /// <summary>Before it is destroyed.</summary>
    internal void Remove(nint comm)
    {
        lock (_lock)
        {
            _comms.Remove(comm);
        }
    }

    /// <summary>A call has been queued on a stream.</summary>
    internal void Queued(nint stream)
    {
        Volatile.Write(ref _stream, stream);
        Volatile.Write(ref _queued, _queued + 1);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _timer.Dispose();
        lock (_lock)
        {
            _comms.Clear();
            _isDisposed = true;
        }
    }

    private void Look()
    {
        lock (_lock)
        {
            if (_isDisposed)
            {
                return;
            }

            foreach (var comm in _comms)
            {
                if (NcclNative.GetAsyncError(comm, out var error) == 0 && error is not 0 and not InProgress)
                {
                    _end($"NCCL: {NcclCommunicator.Describe(error, comm)}; another rank has failed, or its connection");
                }
            }

            LookAtStream();
        }
    }

    /// <summary>Marks the stream behind its latest call, and waits for the mark.</summary>
    private void LookAtStream()
    {
        _device.MakeCurrent();
        if (_since is { } since)
        {
            if (CudaDriver.QueryEvent(_event) == NotReady)
            {
                if (Environment.TickCount64 - since > _limit.TotalMilliseconds)
                {
                    _end($"the GPU waited {_limit.TotalSeconds:0.#} s for the other ranks: does one of them hang? MOESAIC_RANK_TIMEOUT sets the limit in seconds");
                }

                return;
            }

            _since = null;
        }

        var queued = Volatile.Read(ref _queued);
        if (queued != _marked && (_event != 0 || CudaDriver.NewEvent(out _event, NoTiming) == 0) && CudaDriver.RecordEvent(_event, Volatile.Read(ref _stream)) == 0)
        {
            (_marked, _since) = (queued, Environment.TickCount64);
        }
    }
}
