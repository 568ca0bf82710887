using Moesaic.Communication;
using static TorchSharp.torch;

namespace Moesaic.Tests.Communication;

/// <summary>What each call gives, for any number of ranks and any backend; every rank calls it.</summary>
internal static class CommunicatorContract
{
    internal static void Check(ICommunicator communicator)
    {
        using var scope = NewDisposeScope();
        var device = communicator.Device;
        var (rank, size) = (communicator.Rank, communicator.Size);
        long[] rows = [.. Enumerable.Range(0, size).Select(r => (long)(r * 2 % 5))]; // Some ranks have none.
        var all = rows.Sum();

        var sum = full([3, 2], rank + 1f, device: device);
        communicator.AllReduce(sum);
        Equal(full([3, 2], size * (size + 1) / 2f), sum);

        var gathered = zeros(all, 2, device: device);
        communicator.AllGather(full([rows[rank], 2], (float)rank, device: device), gathered, rows);
        Equal(OfRanks(rows), gathered);

        var part = zeros(rows[rank], 2, device: device);
        communicator.ReduceScatter((OfRanks(rows) * (rank + 1)).to(device), part, rows);
        Equal(full([rows[rank], 2], rank * size * (size + 1) / 2f), part);

        // Rank r sends (r + t) % 3 rows of 10 r + t to rank t.
        long[] sends = [.. Enumerable.Range(0, size).Select(to => (long)((rank + to) % 3))];
        var outgoing = cat([.. Enumerable.Range(0, size).Select(to => full([sends[to], 2], (10L * rank) + to, int64, device))]);
        var incoming = zeros(sends.Sum(), 2, int64, device);
        communicator.AllToAll(outgoing, sends, incoming, sends);
        Equal(cat([.. Enumerable.Range(0, size).Select(from => full([sends[from], 2], (10L * from) + rank, int64, device))]), incoming);

        var text = full([5], rank, uint8, device);
        communicator.Broadcast(text, size - 1);
        Equal(full([5], size - 1, uint8, device), text);

        // All in a ring, both ways at once: one after the other, all would wait for all.
        var (next, previous) = ((rank + 1) % size, (rank + size - 1) % size);
        var (fromPrevious, fromNext) = (zeros(4, device: device), zeros(2, device: device));
        communicator.Exchange(
            [new(full([4], (float)rank, device: device), next), new(full([2], (float)rank, device: device), previous)],
            [new(fromPrevious, previous), new(fromNext, next)]);
        Equal(full([4], (float)previous), fromPrevious);
        Equal(full([2], (float)next), fromNext);

        using var half = communicator.Split(rank % 2, "half");
        var members = full([1], (float)rank, device: device);
        half.AllReduce(members);
        Assert.Equal(Enumerable.Range(0, size).Where(r => r % 2 == rank % 2).Sum(), (int)members.cpu()[0].item<float>());
        Assert.Equal(rank / 2, half.Rank);
        communicator.Barrier();
    }

    private static Tensor OfRanks(long[] rows) => cat([.. rows.Select((count, rank) => full([count, 2], (float)rank))]);

    private static void Equal(Tensor expected, Tensor actual) => Assert.True(expected.cpu().equal(actual.cpu()).all().item<bool>());
}
