using System.Net.Sockets;
using System.Text;

namespace Moesaic.Communication;

/// <summary>Where ranks that no launcher watches over meet: at the first of them. It gathers their numbers, and when one fails it says so and ends the others.</summary>
internal sealed class RankServer : IDisposable
{
    private static readonly TimeSpan ToEnd = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan ToCome = TimeSpan.FromSeconds(5);

    private readonly TcpListener _listener;
    private readonly int _size;
    private readonly Action<string> _say;
    private readonly Action _end;
    private readonly NetworkStream?[] _ranks;
    private readonly HashSet<int> _gone = [];
    private readonly Dictionary<long, LinkGathering> _gatherings = [];
    private readonly Lock _lock = new();
    private int _turnedAway;
    private bool _failed;

    /// <param name="say">Tells the user why all end.</param>
    /// <param name="end">Ends this process, after the others.</param>
    /// <exception cref="SocketException">The port is taken.</exception>
    internal RankServer(TcpListener listener, int size, Action<string> say, Action end)
    {
        (_listener, _size, _say, _end, _ranks) = (listener, size, say, end, new NetworkStream?[size]);
        listener.Start(size);
        new Thread(Accept) { IsBackground = true, Name = "Moesaic ranks" }.Start();
    }

    /// <summary>Ranks that have not come.</summary>
    internal string Missing
    {
        get
        {
            lock (_lock)
            {
                return string.Join(", ", Enumerable.Range(0, _size).Where(rank => _ranks[rank] is null));
            }
        }
    }

    /// <summary>Returns when all ranks have done what they had to, or after this time.</summary>
    internal void AwaitAll(TimeSpan limit) => Await(_size, limit);

    /// <summary>Says why, ends the other ranks and then this one; only the first failure counts.</summary>
    internal void Fail(string why)
    {
        NetworkStream[] others;
        bool allCame;
        lock (_lock)
        {
            if (_failed)
            {
                return;
            }

            _failed = true;
            others = [.. _ranks.Skip(1).OfType<NetworkStream>()];
            allCame = others.Length + _turnedAway >= _size - 1;
        }

        _say(why);
        Array.ForEach(others, SendEnd);
        Await(_size - 1, allCame ? ToEnd : ToCome); // What has not been read yet would be lost with this process.
        _end();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _listener.Dispose();
        lock (_lock)
        {
            _failed = true; // Nobody is to be told any more.
            Array.ForEach(_ranks, static rank => rank?.Dispose());
        }
    }

    private void Await(int ranks, TimeSpan limit)
    {
        for (var end = Environment.TickCount64 + limit.TotalMilliseconds; Environment.TickCount64 < end; Thread.Sleep(5))
        {
            lock (_lock)
            {
                if (_gone.Count + _turnedAway >= ranks)
                {
                    return;
                }
            }
        }
    }

    private void Accept()
    {
        try
        {
            while (true)
            {
                var client = _listener.AcceptTcpClient();
                client.NoDelay = true;
                new Thread(() => Serve(client)) { IsBackground = true, Name = "Moesaic rank" }.Start();
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or InvalidOperationException)
        {
            // The listener has been disposed.
        }
    }

    private void Serve(TcpClient client)
    {
        using (client)
        {
            var stream = client.GetStream();
            if (LinkFrame.Read(stream) is { Word: LinkWord.Hello or LinkWord.Failed } first && Admit(first, stream))
            {
                while (LinkFrame.Read(stream) is { } frame)
                {
                    Take(frame, first.Rank, stream);
                }

                Leave(first.Rank);
            }
        }
    }

    /// <summary>Whether one that has come is a rank of ours.</summary>
    private bool Admit(in LinkFrame first, NetworkStream stream)
    {
        string? wrong;
        lock (_lock)
        {
            wrong = first.Word == LinkWord.Failed ? Encoding.UTF8.GetString(first.Payload)
                : first.Size != _size ? $"rank {first.Rank} has WORLD_SIZE={first.Size}, rank 0 has {_size}; start all ranks alike"
                : first.Rank < 0 || first.Rank >= _size ? $"RANK: expected 0 to {_size - 1}, found {first.Rank}; correct the environment"
                : _ranks[first.Rank] is not null && !_failed ? $"two processes have RANK={first.Rank}; number them 0 to {_size - 1}"
                : null;
            if (wrong is null)
            {
                _ranks[first.Rank] = stream;
            }
        }

        if (wrong is null && !_failed)
        {
            return Reply(stream, LinkWord.Welcome, []);
        }

        SendEnd(stream); // Before it counts as told: this process may end then.
        if (wrong is not null)
        {
            lock (_lock)
            {
                _turnedAway++;
            }

            Fail(wrong);
        }

        return wrong is null;
    }

    private void Take(in LinkFrame frame, int rank, NetworkStream stream)
    {
        switch (frame.Word)
        {
            case LinkWord.Numbers:
                Gather(frame, stream);
                break;
            case LinkWord.Failed:
                SendEnd(stream);
                Fail(Encoding.UTF8.GetString(frame.Payload));
                break;
            case LinkWord.Done:
                lock (_lock)
                {
                    _gone.Add(rank);
                }

                break;
        }
    }

    private void Gather(in LinkFrame frame, NetworkStream stream)
    {
        LinkGathering gathering;
        lock (_lock)
        {
            gathering = _gatherings.TryGetValue(frame.Group, out var known) ? known : _gatherings[frame.Group] = new(frame.Size);
            if (!gathering.Add(frame, stream))
            {
                return;
            }

            _gatherings.Remove(frame.Group);
        }

        foreach (var rank in gathering.Streams)
        {
            Reply(rank, LinkWord.Answer, gathering.All);
        }
    }

    private void Leave(int rank)
    {
        bool done;
        lock (_lock)
        {
            done = !_gone.Add(rank);
        }

        if (!done && !_failed && rank > 0)
        {
            Fail($"rank {rank} of {_size} ended without a word: it was killed, or its connection broke");
        }
    }

    private static void SendEnd(NetworkStream stream) => Reply(stream, LinkWord.End, []);

    private static bool Reply(NetworkStream stream, LinkWord word, byte[] payload)
    {
        lock (stream)
        {
            return new LinkFrame(word, 0, 0, 0, payload).Write(stream);
        }
    }
}
