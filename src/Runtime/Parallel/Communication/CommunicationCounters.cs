namespace Moesaic.Communication;

/// <summary>What a rank sent to others through a group, by kind of call.</summary>
/// <remarks>
/// Bytes are payload. What a library does inside is its own, so sums count as the least that any algorithm sends: an all-reduce
/// 2 (n − 1) / n of the values in 2 (n − 1) messages, a reduce-scatter what goes to others in n − 1. An all-gather sends its own rows to
/// n − 1 others, an all-to-all one message to each rank that gets a row. The comparison of calls is counted apart.
/// </remarks>
public sealed class CommunicationCounters
{
    private static readonly int Kinds = Enum.GetValues<CollectiveKind>().Length;

    private readonly long[] _calls = new long[Kinds];
    private readonly long[] _messages = new long[Kinds];
    private readonly long[] _bytes = new long[Kinds];

    /// <summary>Bytes by which ranks compared their calls.</summary>
    public long ComparedBytes { get; private set; }

    /// <summary>Calls of a kind.</summary>
    public long Calls(CollectiveKind kind) => _calls[(int)kind];

    /// <summary>Messages to other ranks by calls of a kind.</summary>
    public long Messages(CollectiveKind kind) => _messages[(int)kind];

    /// <summary>Bytes to other ranks by calls of a kind.</summary>
    public long Bytes(CollectiveKind kind) => _bytes[(int)kind];

    /// <summary>Messages of all kinds.</summary>
    public long TotalMessages => _messages.Sum();

    /// <summary>Bytes of all kinds.</summary>
    public long TotalBytes => _bytes.Sum();

    /// <summary>Begins anew at zero.</summary>
    public void Reset()
    {
        Array.Clear(_calls);
        Array.Clear(_messages);
        Array.Clear(_bytes);
        ComparedBytes = 0;
    }

    internal void Count(CollectiveKind kind, long messages, long bytes)
    {
        _calls[(int)kind]++;
        _messages[(int)kind] += messages;
        _bytes[(int)kind] += bytes;
    }

    internal void CountCompared(long bytes) => ComparedBytes += bytes;
}
