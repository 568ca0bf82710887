using static TorchSharp.torch;

namespace Moesaic.Communication;

/// <summary>What every backend does alike: checks of arguments, the ranks' agreement on each call, counting.</summary>
internal abstract class Communicator(int rank, int size, string name, CommunicationOptions options) : ICommunicator
{
    private long _sequence;

    public int Rank { get; } = rank;

    public int Size { get; } = size;

    public string Name { get; } = name;

    public abstract Device Device { get; }

    public CommunicationCounters Counters { get; } = new();

    /// <summary>There is nobody to talk to.</summary>
    protected virtual bool IsAlone => Size == 1;

    protected CommunicationOptions Options { get; } = options;

    public void AllReduce(Tensor values)
    {
        Check(values, nameof(values));
        Begin(new(_sequence, CollectiveKind.AllReduce, Bytes(values), values.dtype, 0), 2L * (Size - 1), 2 * Bytes(values) * (Size - 1) / Size);
        if (!IsAlone && values.numel() > 0)
        {
            Widened(values, AllReduceCore);
        }
    }

    public void AllGather(Tensor mine, Tensor all, ReadOnlySpan<long> rows)
    {
        Check(mine, all, rows);
        Begin(new(_sequence, CollectiveKind.AllGather, Bytes(all), all.dtype, CollectiveCall.Digest(rows)), Bytes(mine) == 0 ? 0 : Size - 1, Bytes(mine) * (Size - 1));
        if (IsAlone)
        {
            all.copy_(mine);
        }
        else if (all.numel() > 0)
        {
            AllGatherCore(mine, all, rows);
        }
    }

    public void ReduceScatter(Tensor all, Tensor mine, ReadOnlySpan<long> rows)
    {
        Check(mine, all, rows);
        Begin(new(_sequence, CollectiveKind.ReduceScatter, Bytes(all), all.dtype, CollectiveCall.Digest(rows)), Size - 1, Bytes(all) - Bytes(mine));
        if (IsAlone)
        {
            mine.copy_(all);
        }
        else if (all.numel() > 0)
        {
            var counts = rows.ToArray();
            Widened(all, mine, (from, to) => ReduceScatterCore(from, to, counts));
        }
    }

    public void AllToAll(Tensor send, ReadOnlySpan<long> sendRows, Tensor receive, ReadOnlySpan<long> receiveRows)
    {
        Check(send, nameof(send));
        Check(receive, nameof(receive));
        CheckRows(send, nameof(send), sendRows);
        CheckRows(receive, nameof(receive), receiveRows);
        CheckWidth(send, receive);
        var width = RowBytes(receive);
        var others = sendRows.ToArray().Where((count, to) => to != Rank && count > 0).ToArray();
        var call = new CollectiveCall(_sequence, CollectiveKind.AllToAll, width, send.dtype, 0);
        Begin(call, others.Length, others.Sum() * width);
        CompareRows(call, sendRows, receiveRows);
        if (IsAlone)
        {
            receive.copy_(send);
        }
        else if (width > 0)
        {
            AllToAllCore(send, sendRows, receive, receiveRows);
        }
    }

    public void Broadcast(Tensor values, int root)
    {
        Check(values, nameof(values));
        CheckRank(root, nameof(root));
        var sends = Rank == root ? Size - 1 : 0;
        Begin(new(_sequence, CollectiveKind.Broadcast, Bytes(values), values.dtype, root), sends, Bytes(values) * sends);
        if (!IsAlone && values.numel() > 0)
        {
            BroadcastCore(values, root);
        }
    }

    public void Send(Tensor values, int to) => Exchange([new(values, to)], []);

    public void Receive(Tensor values, int from) => Exchange([], [new(values, from)]);

    public void Exchange(IReadOnlyList<PeerMessage> sends, IReadOnlyList<PeerMessage> receives)
    {
        foreach (var message in sends.Concat(receives))
        {
            Check(message.Values, nameof(message.Values));
            CheckRank(message.Peer, nameof(message.Peer));
        }

        // Ranks call it as often as they have messages: there is nothing to compare but each message's size.
        Counters.Count(CollectiveKind.Exchange, sends.Count, sends.Sum(message => Bytes(message.Values)));
        ExchangeCore(sends, receives);
    }

    public void Barrier()
    {
        Begin(new(_sequence, CollectiveKind.Barrier, 0, ScalarType.Byte, 0), Size - 1, 0);
        if (!IsAlone)
        {
            BarrierCore();
        }
    }

    public ICommunicator Split(int color, string name)
    {
        Begin(new(_sequence, CollectiveKind.Split, 0, ScalarType.Byte, 0), 0, 0);
        Span<long> colors = stackalloc long[Size];
        GatherNumbers([color], colors);
        var members = new List<int>();
        for (var rank = 0; rank < Size; rank++)
        {
            if (colors[rank] == color)
            {
                members.Add(rank);
            }
        }

        return SplitCore(color, members.IndexOf(Rank), members, name);
    }

    public abstract void Dispose();

    /// <summary>The same few numbers of every rank, in the order of the ranks: [Size * mine.Length].</summary>
    protected abstract void GatherNumbers(ReadOnlySpan<long> mine, Span<long> all);

    protected abstract void AllReduceCore(Tensor values);

    protected abstract void AllGatherCore(Tensor mine, Tensor all, ReadOnlySpan<long> rows);

    protected abstract void ReduceScatterCore(Tensor all, Tensor mine, ReadOnlySpan<long> rows);

    protected abstract void AllToAllCore(Tensor send, ReadOnlySpan<long> sendRows, Tensor receive, ReadOnlySpan<long> receiveRows);

    protected abstract void BroadcastCore(Tensor values, int root);

    protected abstract void ExchangeCore(IReadOnlyList<PeerMessage> sends, IReadOnlyList<PeerMessage> receives);

    protected abstract void BarrierCore();

    /// <param name="members">Ranks of the new group, as this one counts them.</param>
    protected abstract ICommunicator SplitCore(int color, int newRank, IReadOnlyList<int> members, string name);

    /// <summary>Whether the backend adds numbers of this type; others are added in float32.</summary>
    protected virtual bool Adds(ScalarType dtype) => dtype is not (ScalarType.BFloat16 or ScalarType.Float16);

    protected CommunicationException Failed(string what) => new($"rank {Rank} of {Size} ({Name}): {what}");

    private protected static long Bytes(Tensor tensor) => tensor.numel() * tensor.element_size();

    private protected static long RowBytes(Tensor tensor) => tensor.shape.AsSpan(1).ToArray().Aggregate(tensor.element_size(), static (product, n) => product * n);

    /// <summary>Counts a call, and refuses it where ranks disagree: each throws the same.</summary>
    private void Begin(CollectiveCall call, long messages, long bytes)
    {
        Counters.Count(call.Kind, messages, bytes);
        _sequence++;
        if (Size == 1 || !Options.ComparesCalls)
        {
            return;
        }

        Span<long> mine = stackalloc long[CollectiveCall.Length];
        call.Write(mine);
        var all = new long[CollectiveCall.Length * Size];
        GatherNumbers(mine, all);
        Counters.CountCompared(CollectiveCall.Length * sizeof(long) * (Size - 1));
        var first = CollectiveCall.Read(all);
        for (var other = 1; other < Size; other++)
        {
            var theirs = CollectiveCall.Read(all.AsSpan(other * CollectiveCall.Length));
            if (theirs != first)
            {
                var rows = theirs with { Detail = 0 } == first with { Detail = 0 } ? ", with other rows or another root" : "";
                throw new CommunicationException(
                    $"ranks of '{Name}' disagree: rank 0 makes {first}, rank {other} makes {theirs}{rows}; expected the same calls in the same order on every rank");
            }
        }
    }

    private void CompareRows(CollectiveCall call, ReadOnlySpan<long> sendRows, ReadOnlySpan<long> receiveRows)
    {
        if (Size == 1 || !Options.ComparesCalls)
        {
            return;
        }

        var rows = new long[2 * Size * Size];
        GatherNumbers([.. sendRows, .. receiveRows], rows);
        Counters.CountCompared(2L * Size * sizeof(long) * (Size - 1));
        for (var from = 0; from < Size; from++)
        {
            for (var to = 0; to < Size; to++)
            {
                var (sent, expected) = (rows[(2 * Size * from) + to], rows[(2 * Size * to) + Size + from]);
                if (sent != expected)
                {
                    throw new CommunicationException($"ranks of '{Name}' disagree: in {call}, rank {from} sends {sent} rows to rank {to}, which expects {expected}");
                }
            }
        }
    }

    private void Widened(Tensor values, Action<Tensor> reduce) => Widened(values, values, (wide, _) => reduce(wide));

    private void Widened(Tensor from, Tensor to, Action<Tensor, Tensor> reduce)
    {
        if (Adds(from.dtype))
        {
            reduce(from, to);
            return;
        }

        using var wide = from.to(ScalarType.Float32);
        using var sum = ReferenceEquals(from, to) ? wide.alias() : empty(to.shape, ScalarType.Float32, to.device);
        reduce(wide, sum);
        to.copy_(sum);
    }

    private void Check(Tensor mine, Tensor all, ReadOnlySpan<long> rows)
    {
        Check(mine, nameof(mine));
        Check(all, nameof(all));
        CheckRows(all, nameof(all), rows);
        CheckWidth(mine, all);
        if (mine.size(0) != rows[Rank])
        {
            throw Failed($"mine: expected {rows[Rank]} rows, found {mine.size(0)}");
        }
    }

    private void Check(Tensor tensor, string name)
    {
        if (tensor.device_type != Device.type || (Device.index >= 0 && tensor.device_index != Device.index) || !tensor.is_contiguous())
        {
            throw Failed($"{name}: expected a dense tensor on {Device}, found {(tensor.is_contiguous() ? "one" : "one with gaps")} on {tensor.device}");
        }
    }

    private void CheckRows(Tensor tensor, string name, ReadOnlySpan<long> rows)
    {
        if (rows.Length != Size || tensor.ndim == 0)
        {
            throw Failed($"{name}: expected a number of rows for each of {Size} ranks, found {rows.Length}");
        }

        var sum = 0L;
        foreach (var count in rows)
        {
            sum = count < 0 ? long.MinValue : sum + count;
        }

        if (sum != tensor.size(0))
        {
            throw Failed($"{name}: expected {string.Join(" + ", rows.ToArray())} rows, found {tensor.size(0)}");
        }
    }

    private void CheckWidth(Tensor one, Tensor other)
    {
        if (one.dtype != other.dtype || !one.shape.AsSpan(1).SequenceEqual(other.shape.AsSpan(1)))
        {
            throw Failed($"expected rows of one shape and dtype, found [{string.Join(", ", one.shape)}] {one.dtype} and [{string.Join(", ", other.shape)}] {other.dtype}");
        }
    }

    private void CheckRank(int rank, string name)
    {
        if (rank < 0 || rank >= Size)
        {
            throw Failed($"{name}: expected a rank, 0 to {Size - 1}, found {rank}");
        }
    }
}
