using System.Runtime.ExceptionServices;

namespace Moesaic.Kernels.Cpu;

/// <summary>Items, and how far they are.</summary>
internal sealed class TeamJob(int items, Action<int> body)
{
    private int _next = -1;
    private ExceptionDispatchInfo? _error;

    /// <summary>Runs items until there are none. Throws nothing: its callers are native threads too.</summary>
    internal void Take()
    {
        try
        {
            for (var item = Interlocked.Increment(ref _next); item < items; item = Interlocked.Increment(ref _next))
            {
                body(item);
            }
        }
        catch (Exception e)
        {
            _error = ExceptionDispatchInfo.Capture(e);
            Interlocked.Exchange(ref _next, items);
        }
    }

    internal void ThrowIfFailed() => _error?.Throw();
}
