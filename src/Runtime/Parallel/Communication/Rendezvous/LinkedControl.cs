using System.Runtime.InteropServices;

namespace Moesaic.Communication;

/// <summary>Numbers of a group of ranks, by way of the first rank of all.</summary>
/// <param name="group">A number that no other group has.</param>
internal sealed class LinkedControl(RankLink link, long group, int rank, int size, string name, TimeSpan limit) : IControl
{
    private int _splits;

    /// <summary>Ranks that have not come, where this is known.</summary>
    internal Func<string>? Missing { get; init; }

    public void Gather(ReadOnlySpan<long> mine, Span<long> all)
    {
        var bytes = link.Gather(group, rank, size, mine, limit)
            ?? throw new CommunicationException($"rank {link.Rank} of {link.Size} waited {limit.TotalSeconds:0.#} s for the other ranks of '{name}'{Who()}; MOESAIC_RANK_TIMEOUT sets the limit in seconds");
        var numbers = MemoryMarshal.Cast<byte, long>(bytes);
        if (numbers.Length != all.Length)
        {
            throw new CommunicationException($"ranks of '{name}' disagree: expected {all.Length} numbers of them all, found {numbers.Length}; start all ranks alike");
        }

        numbers.CopyTo(all);
    }

    public IControl Split(int color, int rank, int size, string name) =>
        new LinkedControl(link, CollectiveCall.Digest([group, ++_splits, color]), rank, size, name, limit);

    public void Dispose()
    {
        // The connection is the world's.
    }

    private string Who() => Missing?.Invoke() is { Length: > 0 } ranks ? $": rank {ranks} did not come" : "";
}
