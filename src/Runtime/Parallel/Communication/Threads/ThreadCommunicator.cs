using static TorchSharp.torch;

namespace Moesaic.Communication;

/// <summary>Ranks that are threads of one process: for tests and simulations. Sums are made in the order of the ranks.</summary>
/// <param name="device">Of a GPU all ranks use one stream, on which what one queues before it meets the others is done before what they queue then.</param>
internal sealed class ThreadCommunicator(ThreadGroup group, int rank, string name, CommunicationOptions options, Device device)
    : Communicator(rank, group.Size, name, options)
{
    private long _splits;

    public override Device Device => device;

    public override void Dispose()
    {
    }

    protected override void GatherNumbers(ReadOnlySpan<long> mine, Span<long> all)
    {
        var numbers = mine.ToArray();
        if (Size == 1)
        {
            numbers.CopyTo(all);
            return;
        }

        var left = Meet(numbers);
        for (var other = 0; other < Size; other++)
        {
            ((long[])left[other]!).CopyTo(all[(other * numbers.Length)..]);
        }

        Meet(null);
    }

    protected override void AllReduceCore(Tensor values)
    {
        using var sum = Sum(Meet(values), static tensor => tensor.alias());
        Meet(null); // All have read before anyone writes.
        values.copy_(sum);
    }

    protected override void AllGatherCore(Tensor mine, Tensor all, ReadOnlySpan<long> rows)
    {
        var left = Meet(mine);
        var start = 0L;
        for (var other = 0; other < Size; other++)
        {
            using var part = all.narrow(0, start, rows[other]);
            part.copy_((Tensor)left[other]!);
            start += rows[other];
        }

        Meet(null);
    }

    protected override void ReduceScatterCore(Tensor all, Tensor mine, ReadOnlySpan<long> rows)
    {
        var (start, count) = (Start(rows, Rank), rows[Rank]);
        using var sum = Sum(Meet(all), tensor => tensor.narrow(0, start, count));
        Meet(null);
        mine.copy_(sum);
    }

    protected override void AllToAllCore(Tensor send, ReadOnlySpan<long> sendRows, Tensor receive, ReadOnlySpan<long> receiveRows)
    {
        var left = Meet((send, sendRows.ToArray()));
        var start = 0L;
        for (var other = 0; other < Size; other++)
        {
            var (theirs, theirRows) = ((Tensor, long[]))left[other]!;
            using var source = theirs.narrow(0, Start(theirRows, Rank), theirRows[Rank]);
            using var target = receive.narrow(0, start, receiveRows[other]);
            target.copy_(source);
            start += receiveRows[other];
        }

        Meet(null);
    }

    protected override void BroadcastCore(Tensor values, int root)
    {
        var left = Meet(values);
        if (Rank != root)
        {
            values.copy_((Tensor)left[root]!);
        }

        Meet(null);
    }

    protected override void ExchangeCore(IReadOnlyList<PeerMessage> sends, IReadOnlyList<PeerMessage> receives)
    {
        foreach (var (values, to) in sends)
        {
            group.Post(Rank, to, values.clone().DetachFromDisposeScope());
        }

        foreach (var (values, from) in receives)
        {
            using var message = group.Take(from, Rank, $"rank {Rank} of {Size} ({Name})");
            if (Bytes(message) != Bytes(values))
            {
                var error = Failed($"expected a message of {Bytes(values)} bytes from rank {from}, found {Bytes(message)}");
                group.Fail(error.Message);
                throw error;
            }

            values.copy_(message);
        }
    }

    protected override void BarrierCore() => Meet(null);

    protected override ICommunicator SplitCore(int color, int newRank, IReadOnlyList<int> members, string name) =>
        new ThreadCommunicator(group.Child(_splits++, color, members.Count), newRank, name, Options, device);

    private static long Start(ReadOnlySpan<long> rows, int rank)
    {
        var start = 0L;
        foreach (var count in rows[..rank])
        {
            start += count;
        }

        return start;
    }

    private static Tensor Sum(object?[] left, Func<Tensor, Tensor> part)
    {
        using var first = part((Tensor)left[0]!);
        var sum = first.clone();
        foreach (var tensor in left.Skip(1))
        {
            using var other = part((Tensor)tensor!);
            sum.add_(other);
        }

        return sum;
    }

    private object?[] Meet(object? mine) => group.Meet(Rank, mine, $"rank {Rank} of {Size} ({Name})");
}
