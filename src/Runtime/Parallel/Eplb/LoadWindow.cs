namespace Moesaic.Eplb;

/// <summary>The load of the latest steps, and its sum: [L, E] for each, by logical expert.</summary>
/// <remarks>Logical, so that it means the same whatever slots hold: load of before a rebalance is not read through the maps of after it.</remarks>
internal sealed class LoadWindow(int capacity, int length)
{
    private readonly Queue<long[]> _steps = new();
    private readonly long[] _sum = new long[length];

    /// <summary>What the steps of the window come to.</summary>
    internal ReadOnlySpan<long> Sum => _sum;

    /// <summary>Steps that it holds.</summary>
    internal int Count => _steps.Count;

    /// <summary>Enters a step, and lets go of the one that is too old.</summary>
    internal void Add(long[] load)
    {
        if (_steps.Count == capacity)
        {
            Change(_steps.Dequeue(), -1);
        }

        _steps.Enqueue(load);
        Change(load, 1);
    }

    private void Change(long[] load, int sign)
    {
        for (var i = 0; i < _sum.Length; i++)
        {
            _sum[i] += sign * load[i];
        }
    }
}
