using System.Net.Sockets;

namespace Moesaic.Communication;

/// <summary>Numbers of some ranks on their way to all of them.</summary>
internal sealed class LinkGathering(int size)
{
    private readonly byte[]?[] _parts = new byte[]?[size];
    private readonly NetworkStream[] _streams = new NetworkStream[size];
    private int _count;

    /// <summary>Where they go.</summary>
    internal IReadOnlyList<NetworkStream> Streams => _streams;

    /// <summary>The numbers of all, in the order of the ranks.</summary>
    internal byte[] All => [.. _parts.SelectMany(static part => part!)];

    /// <summary>Takes those of one rank.</summary>
    /// <returns>Whether it was the last.</returns>
    internal bool Add(in LinkFrame frame, NetworkStream stream)
    {
        (_parts[frame.Rank], _streams[frame.Rank]) = (frame.Payload, stream);
        return ++_count == size;
    }
}
