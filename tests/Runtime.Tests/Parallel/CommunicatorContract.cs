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
        CheckTypes(communicator);
        CheckExtremes(communicator);
    }

    /// <summary>What is added is added in every type, and what only travels arrives as it was.</summary>
    private static void CheckTypes(ICommunicator communicator)
    {
        var (rank, size, device) = (communicator.Rank, communicator.Size, communicator.Device);
        long[] rows = [.. Enumerable.Range(0, size).Select(r => (long)(r == 0 ? 0 : r + 1))]; // Uneven, and none for the first.
        foreach (var dtype in (ScalarType[])[float32, float64, bfloat16, float16, int32, int64])
        {
            using var scope = NewDisposeScope();
            var sum = full([7], rank + 1, dtype, device);
            communicator.AllReduce(sum);
            Equal(full([7], size * (size + 1) / 2, dtype), sum);

            foreach (var counts in (long[][])[rows, [.. rows.Select(_ => 2L)]])
            {
                var part = zeros([counts[rank], 3], dtype, device);
                communicator.ReduceScatter((OfRanks(counts, 3) * (rank + 1)).to(dtype).to(device), part, counts);
                Equal(full([counts[rank], 3], rank * size * (size + 1) / 2, dtype), part);

                var gathered = zeros([counts.Sum(), 3], dtype, device);
                communicator.AllGather(full([counts[rank], 3], rank, dtype, device), gathered, counts);
                Equal(OfRanks(counts, 3).to(dtype), gathered);
            }
        }

        foreach (var dtype in (ScalarType[])[@bool, uint8, int8])
        {
            using var scope = NewDisposeScope();
            var values = full([5], rank == 0 ? 1 : 0, dtype, device);
            communicator.Broadcast(values, 0);
            Equal(full([5], 1, dtype), values);
        }
    }

    /// <summary>Nothing from anybody, all from one, many bytes, and many calls behind each other.</summary>
    private static void CheckExtremes(ICommunicator communicator)
    {
        using var scope = NewDisposeScope();
        var (rank, size, device) = (communicator.Rank, communicator.Size, communicator.Device);
        var none = new long[size];
        communicator.AllReduce(zeros(0, device: device));
        communicator.AllGather(zeros(0, 4, device: device), zeros(0, 4, device: device), none);
        communicator.ReduceScatter(zeros(0, 4, device: device), zeros(0, 4, device: device), none);
        communicator.AllToAll(zeros(0, 4, device: device), none, zeros(0, 4, device: device), none);

        // The last has rows for all, and nobody else has any.
        long[] sends = [.. none.Select(_ => rank == size - 1 ? 3L : 0)];
        long[] receives = [.. Enumerable.Range(0, size).Select(from => from == size - 1 ? 3L : 0)];
        var incoming = zeros(3, 2, device: device);
        communicator.AllToAll(arange(6 * size * (rank == size - 1 ? 1 : 0), float32, device).view(-1, 2), sends, incoming, receives);
        Equal(arange(6 * rank, 6 * (rank + 1), float32).view(3, 2), incoming);

        var many = full([1 << 22], rank + 1f, device: device);
        communicator.AllReduce(many);
        Equal(full([1 << 22], size * (size + 1) / 2f), many);
        for (var call = 0; call < 50; call++)
        {
            var values = full([16], rank + call, int64, device);
            communicator.AllReduce(values);
            Equal(full([16], (size * (size - 1) / 2) + (call * size), int64), values);
        }

        Assert.Throws<CommunicationException>(() => communicator.AllReduce(zeros(4, 4, device: device).t().narrow(0, 1, 2)));
        communicator.Barrier();
    }

    private static Tensor OfRanks(long[] rows, long width = 2) => cat([.. rows.Select((count, rank) => full([count, width], (float)rank))]);

    private static void Equal(Tensor expected, Tensor actual) => Assert.True(expected.cpu().equal(actual.cpu()).all().item<bool>());
}
