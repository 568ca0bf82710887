namespace Moesaic.Communication;

/// <summary>Where the threads of one group meet: each leaves something for the others and waits until all have.</summary>
internal sealed class ThreadGroup(int size, TimeSpan timeout)
{
    private readonly Lock _gate = new();
    private readonly object?[][] _left = [new object?[size], new object?[size]]; // Of one round and the next: a rank that is ahead writes to the other.
    private readonly Dictionary<(long Sequence, int Color), ThreadGroup> _children = [];
    private readonly Dictionary<(int From, int To), Queue<TorchSharp.torch.Tensor>> _mail = [];
    private readonly ManualResetEventSlim[] _gates = [new(), new()];
    private int _arrived;
    private int _round;
    private string? _failure;
    private ThreadGroup? _parent;

    internal int Size => size;

    internal TimeSpan Timeout => timeout;

    /// <summary>Leaves <paramref name="mine"/>, waits for the others, and returns what all left. It may be read until the next <see cref="Meet"/>.</summary>
    internal object?[] Meet(int rank, object? mine, string waiter)
    {
        ManualResetEventSlim gate;
        object?[] left;
        lock (_gate)
        {
            ThrowIfFailed();
            left = _left[_round & 1];
            left[rank] = mine;
            gate = _gates[_round & 1];
            if (++_arrived == size)
            {
                _arrived = 0;
                _round++;
                _gates[_round & 1].Reset();
                gate.Set();
            }
        }

        if (!gate.Wait(timeout))
        {
            Fail($"{waiter} waited {timeout.TotalSeconds:0.#} s for the other ranks: does one of them hang?");
        }

        lock (_gate)
        {
            ThrowIfFailed();
            return left;
        }
    }

    /// <summary>Puts a tensor, from now on the group's, into a rank's mailbox.</summary>
    internal void Post(int from, int to, TorchSharp.torch.Tensor copy)
    {
        lock (_mail)
        {
            if (!_mail.TryGetValue((from, to), out var queue))
            {
                _mail.Add((from, to), queue = []);
            }

            queue.Enqueue(copy);
            Monitor.PulseAll(_mail);
        }
    }

    /// <summary>Takes the oldest tensor that <paramref name="from"/> posted; the caller's.</summary>
    internal TorchSharp.torch.Tensor Take(int from, int to, string waiter)
    {
        var end = Environment.TickCount64 + (long)timeout.TotalMilliseconds;
        lock (_mail)
        {
            while (true)
            {
                ThrowIfFailed();
                if (_mail.TryGetValue((from, to), out var queue) && queue.TryDequeue(out var tensor))
                {
                    return tensor;
                }

                var left = end - Environment.TickCount64;
                if (left <= 0 || !Monitor.Wait(_mail, (int)Math.Min(left, int.MaxValue)))
                {
                    break;
                }
            }
        }

        Fail($"{waiter} waited {timeout.TotalSeconds:0.#} s for a message of rank {from}");
        throw new CommunicationException(_failure!);
    }

    /// <summary>Ends every wait in this group, its parents and its children with a message. The first message counts.</summary>
    internal void Fail(string message)
    {
        var root = this;
        while (root._parent is { } parent)
        {
            root = parent;
        }

        root.FailDown(message);
    }

    /// <summary>The group of those that split off with one color; the first of them makes it.</summary>
    internal ThreadGroup Child(long sequence, int color, int members)
    {
        lock (_gate)
        {
            if (!_children.TryGetValue((sequence, color), out var child))
            {
                child = new(members, timeout) { _parent = this };
                _children.Add((sequence, color), child);
            }

            return child;
        }
    }

    private void FailDown(string message)
    {
        ThreadGroup[] children;
        lock (_gate)
        {
            _failure ??= message;
            children = [.. _children.Values];
            _gates[0].Set();
            _gates[1].Set();
        }

        lock (_mail)
        {
            Monitor.PulseAll(_mail);
        }

        foreach (var child in children)
        {
            child.FailDown(message);
        }
    }

    private void ThrowIfFailed()
    {
        if (_failure is { } failure)
        {
            throw new CommunicationException(failure);
        }
    }
}
