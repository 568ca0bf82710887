namespace Moesaic.Native;

/// <summary>Small results that a stream copies to the host while later work is queued behind them. The last two are kept.</summary>
internal sealed unsafe class PinnedReads : IDisposable
{
    private const int Slots = 2;

    private readonly int _numbers;
    private readonly double* _memory;
    private readonly nint[] _done = new nint[Slots];
    private long _queued;
    private long _taken;

    /// <summary>Room for results of so many numbers.</summary>
    /// <exception cref="CudaException">The driver refused it.</exception>
    internal PinnedReads(CudaDevice device, int numbers)
    {
        device.MakeCurrent();
        _numbers = numbers;
        CudaException.ThrowIfFailed(CudaDriver.NewHostMemory(out var memory, (nuint)(Slots * numbers * sizeof(double))), "pinned memory");
        _memory = (double*)memory;
        for (var i = 0; i < Slots; i++)
        {
            CudaException.ThrowIfFailed(CudaDriver.NewEvent(out _done[i], 0), "an event");
        }
    }

    /// <summary>Copies when all that was queued before is done.</summary>
    internal void Queue(nint address, nint stream)
    {
        var slot = _queued++ % Slots;
        _taken = Math.Max(_taken, _queued - Slots);
        CudaException.ThrowIfFailed(CudaDriver.CopyToHost(_memory + (slot * _numbers), address, (nuint)(_numbers * sizeof(double)), stream), "a copy to the host");
        CudaException.ThrowIfFailed(CudaDriver.RecordEvent(_done[slot], stream), "an event");
    }

    /// <summary>Waits for the oldest result that was not taken.</summary>
    internal double[] Take()
    {
        var slot = _taken++ % Slots;
        CudaException.ThrowIfFailed(CudaDriver.WaitForEvent(_done[slot]), "what was queued before an event");
        return new ReadOnlySpan<double>(_memory + (slot * _numbers), _numbers).ToArray();
    }

    public void Dispose()
    {
        Array.ForEach(_done, static done => _ = CudaDriver.DestroyEvent(done));
        _ = CudaDriver.FreeHostMemory(_memory);
    }
}
