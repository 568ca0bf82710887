using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text;

namespace Moesaic.Communication;

/// <summary>A rank's connection with the first one.</summary>
internal sealed class RankLink : IDisposable
{
    private static readonly TimeSpan BetweenTries = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan ToAnswer = TimeSpan.FromSeconds(5);

    private readonly TcpClient _client;
    private readonly NetworkStream _stream;
    private readonly BlockingCollection<byte[]> _answers = [];
    private readonly ManualResetEventSlim _ended = new();
    private readonly Action<string?> _end;
    private volatile bool _done;

    private RankLink(TcpClient client, int rank, int size, Action<string?> end) =>
        (_client, _stream, Rank, Size, _end) = (client, client.GetStream(), rank, size, end);

    internal int Rank { get; }

    internal int Size { get; }

    /// <summary>Connects as soon as the first rank listens.</summary>
    /// <param name="end">Ends this process, with a message or, where another rank has said why, with null.</param>
    /// <exception cref="CommunicationException">It does not in time, or something else does.</exception>
    internal static RankLink Join(IPEndPoint first, int rank, int size, TimeSpan limit, Action<string?> end)
    {
        var client = Connect(first, limit)
            ?? throw new CommunicationException($"rank {rank} of {size} waited {limit.TotalSeconds:0.#} s for rank 0 at MASTER_ADDR:MASTER_PORT, {first}; start it, or correct the environment");
        var link = new RankLink(client, rank, size, end);
        link.Send(LinkWord.Hello, 0, rank, size, []);
        client.ReceiveTimeout = (int)ToAnswer.TotalMilliseconds;
        switch (LinkFrame.Read(link._stream)?.Word)
        {
            case LinkWord.Welcome:
                break;
            case LinkWord.End:
                end(null);
                break;
            default:
                throw new CommunicationException($"MASTER_ADDR:MASTER_PORT, {first}: expected rank 0 of {size} to answer, found something else; choose another port");
        }

        client.ReceiveTimeout = 0;
        new Thread(link.Listen) { IsBackground = true, Name = "Moesaic link" }.Start();
        return link;
    }

    /// <summary>Tells the first rank that this one fails before it has joined.</summary>
    /// <returns>Whether the first rank says it.</returns>
    internal static bool TellFailure(IPEndPoint first, int rank, int size, string why)
    {
        using var client = Connect(first, ToAnswer);
        if (client is null)
        {
            return false;
        }

        client.ReceiveTimeout = (int)ToAnswer.TotalMilliseconds;
        return new LinkFrame(LinkWord.Failed, 0, rank, size, Encoding.UTF8.GetBytes(why)).Write(client.GetStream())
            && LinkFrame.Read(client.GetStream()) is { Word: LinkWord.End };
    }

    /// <summary>The same of one that has.</summary>
    internal bool TellFailure(string why)
    {
        Send(LinkWord.Failed, 0, Rank, Size, Encoding.UTF8.GetBytes(why));
        return _ended.Wait(ToAnswer);
    }

    /// <summary>Everybody's numbers; null where they do not come in time.</summary>
    /// <param name="group">The same number on those ranks only.</param>
    internal byte[]? Gather(long group, int rank, int size, ReadOnlySpan<long> mine, TimeSpan limit)
    {
        Send(LinkWord.Numbers, group, rank, size, MemoryMarshal.AsBytes(mine).ToArray());
        return _answers.TryTake(out var answer, limit) ? answer : null;
    }

    /// <summary>This rank has done all it had to.</summary>
    internal void Leave()
    {
        _done = true;
        Send(LinkWord.Done, 0, Rank, Size, []);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _done = true;
        _client.Dispose();
    }

    private static TcpClient? Connect(IPEndPoint first, TimeSpan limit)
    {
        for (var end = Environment.TickCount64 + limit.TotalMilliseconds; ; Thread.Sleep(BetweenTries))
        {
            var client = new TcpClient(first.AddressFamily) { NoDelay = true };
            try
            {
                client.Connect(first);
                return client;
            }
            catch (SocketException)
            {
                client.Dispose(); // Nobody listens yet.
            }

            if (Environment.TickCount64 >= end)
            {
                return null;
            }
        }
    }

    private void Send(LinkWord word, long group, int rank, int size, byte[] payload) => new LinkFrame(word, group, rank, size, payload).Write(_stream);

    private void Listen()
    {
        while (LinkFrame.Read(_stream) is { } frame)
        {
            if (frame.Word == LinkWord.Answer)
            {
                _answers.Add(frame.Payload);
            }
            else if (frame.Word == LinkWord.End)
            {
                _ended.Set();
                _end(null);
                return;
            }
        }

        if (!_done)
        {
            // One of those that are left says it.
            _end(Rank == 1 ? $"rank 0 of {Size} ended without a word: it was killed, or its connection broke" : null);
        }
    }
}
