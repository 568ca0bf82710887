namespace Moesaic.Communication;

/// <summary>Ends the process when one of its calls waits too long for other ranks: native code that waits can be ended in no other way.</summary>
internal sealed class HangGuard : IDisposable
{
    private readonly TimeSpan _limit;
    private readonly Action<string> _end;
    private readonly Timer _timer;
    private string _what = "";
    private CollectiveKind? _kind;
    private long _since;

    /// <param name="end">Told why; does not return.</param>
    internal HangGuard(TimeSpan limit, Action<string> end)
    {
        (_limit, _end) = (limit, end);
        var period = TimeSpan.FromSeconds(Math.Clamp(limit.TotalSeconds / 4, 0.05, 1));
        _timer = new(_ => Look(), null, period, period);
    }

    public void Dispose() => _timer.Dispose();

    /// <param name="what">A group of ranks, or, where it is no call, what waits.</param>
    internal void Enter(string what, CollectiveKind? kind = null)
    {
        (_what, _kind) = (what, kind);
        Volatile.Write(ref _since, Environment.TickCount64);
    }

    internal void Leave() => Volatile.Write(ref _since, 0);

    private void Look()
    {
        var since = Volatile.Read(ref _since);
        if (since != 0 && Environment.TickCount64 - since > _limit.TotalMilliseconds)
        {
            _end($"{(_kind is { } kind ? $"{kind} in '{_what}'" : _what)} waited {_limit.TotalSeconds:0.#} s for the other ranks: does one of them hang? MOESAIC_RANK_TIMEOUT sets the limit in seconds");
        }
    }
}
