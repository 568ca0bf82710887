using System.Runtime.ExceptionServices;

namespace Moesaic.Kernels.Cpu;

/// <summary>Items, and how far they are.</summary>
internal sealed class TeamJob(int items, Action<int> body)
{
    [ThreadStatic]
    private static bool _isInside;

    private int _next = -1;
    private ExceptionDispatchInfo? _error;

    /// <summary>The current thread is at work on an item.</summary>
    internal static bool IsInside => _isInside;

    /// <summary>Runs items until there are none. Throws nothing: its callers are native threads too.</summary>
    internal void Take()
    {
        _isInside = true;
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
        finally
        {
            _isInside = false;
        }
    }

    internal void ThrowIfFailed() => _error?.Throw();
}
