using System.Text;
using Moesaic.Native;
using static TorchSharp.torch;

namespace Moesaic.Communication;

/// <summary>Processes of one mpirun, and tensors on the CPU.</summary>
internal sealed unsafe class MpiCommunicator(
    MpiSymbols symbols, nint comm, int rank, int size, string name, CommunicationOptions options, HangGuard guard) : Communicator(rank, size, name, options), IControl
{
    private const int Tag = 1;
    private const long MostAtOnce = 1 << 30; // MPI counts with 32 bits.

    private nint _comm = comm;

    public override Device Device => CPU;

    public override void Dispose()
    {
        if (_comm == symbols.World)
        {
            guard.Enter("the end of MPI");
            Check(MpiNative.Complete(), CollectiveKind.Barrier);
            guard.Dispose();
        }
        else if (_comm != 0)
        {
            guard.Enter($"the end of '{Name}'");
            _ = MpiNative.CommFree(ref _comm);
            guard.Leave();
        }

        _comm = 0;
    }

    void IControl.Gather(ReadOnlySpan<long> mine, Span<long> all) => GatherNumbers(mine, all);

    IControl IControl.Split(int color, int rank, int size, string name) => NewGroup(color, rank, size, name);

    protected override void GatherNumbers(ReadOnlySpan<long> mine, Span<long> all)
    {
        fixed (long* from = mine, to = all)
        {
            guard.Enter(Name, CollectiveKind.AllGather);
            Check(MpiNative.AllGather(from, mine.Length, symbols.Int64, to, mine.Length, symbols.Int64, _comm), CollectiveKind.AllGather);
        }
    }

    protected override void AllReduceCore(Tensor values)
    {
        using var sum = empty_like(values);
        var (from, to) = (Aten.DataPointer(values), Aten.DataPointer(sum));
        for (long start = 0, total = values.numel(); start < total; start += MostAtOnce)
        {
            var offset = (nint)(start * values.element_size());
            var count = (int)Math.Min(MostAtOnce, total - start);
            guard.Enter(Name, CollectiveKind.AllReduce);
            Check(MpiNative.AllReduce(from + offset, to + offset, count, symbols.Number(values.dtype), symbols.Sum, _comm), CollectiveKind.AllReduce);
        }

        values.copy_(sum);
    }

    protected override void AllGatherCore(Tensor mine, Tensor all, ReadOnlySpan<long> rows)
    {
        var (counts, starts) = Counts(rows, 1);
        using var row = new MpiRow(symbols, RowBytes(all), this);
        fixed (int* count = counts, start = starts)
        {
            guard.Enter(Name, CollectiveKind.AllGather);
            Check(MpiNative.AllGatherV(Aten.DataPointer(mine), counts[Rank], row.Type, Aten.DataPointer(all), count, start, row.Type, _comm), CollectiveKind.AllGather);
        }
    }

    protected override void ReduceScatterCore(Tensor all, Tensor mine, ReadOnlySpan<long> rows)
    {
        var (counts, _) = Counts(rows, all.numel() / all.size(0));
        fixed (int* count = counts)
        {
            guard.Enter(Name, CollectiveKind.ReduceScatter);
            Check(MpiNative.ReduceScatter(Aten.DataPointer(all), Aten.DataPointer(mine), count, symbols.Number(all.dtype), symbols.Sum, _comm), CollectiveKind.ReduceScatter);
        }
    }

    protected override void AllToAllCore(Tensor send, ReadOnlySpan<long> sendRows, Tensor receive, ReadOnlySpan<long> receiveRows)
    {
        var (sendCounts, sendStarts) = Counts(sendRows, 1);
        var (receiveCounts, receiveStarts) = Counts(receiveRows, 1);
        using var row = new MpiRow(symbols, RowBytes(receive), this);
        fixed (int* sc = sendCounts, ss = sendStarts, rc = receiveCounts, rs = receiveStarts)
        {
            guard.Enter(Name, CollectiveKind.AllToAll);
            Check(MpiNative.AllToAllV(Aten.DataPointer(send), sc, ss, row.Type, Aten.DataPointer(receive), rc, rs, row.Type, _comm), CollectiveKind.AllToAll);
        }
    }

    protected override void BroadcastCore(Tensor values, int root)
    {
        var data = Aten.DataPointer(values);
        foreach (var (start, count) in Parts(Bytes(values)))
        {
            guard.Enter(Name, CollectiveKind.Broadcast);
            Check(MpiNative.Broadcast(data + start, count, symbols.Byte, root, _comm), CollectiveKind.Broadcast);
        }
    }

    protected override void ExchangeCore(IReadOnlyList<PeerMessage> sends, IReadOnlyList<PeerMessage> receives)
    {
        var incoming = Pieces(receives);
        var outgoing = Pieces(sends);
        var requests = new nint[incoming.Count + outgoing.Count];
        var statuses = new MpiStatus[requests.Length];
        fixed (nint* request = requests)
        fixed (MpiStatus* status = statuses)
        {
            var next = request;
            foreach (var (data, count, peer) in incoming)
            {
                Check(MpiNative.ReceiveLater(data, count, symbols.Byte, peer, Tag, _comm, next++), CollectiveKind.Exchange);
            }

            foreach (var (data, count, peer) in outgoing)
            {
                Check(MpiNative.SendLater(data, count, symbols.Byte, peer, Tag, _comm, next++), CollectiveKind.Exchange);
            }

            guard.Enter(Name, CollectiveKind.Exchange);
            var code = MpiNative.WaitAll(requests.Length, request, status);
            guard.Leave();
            for (var i = 0; i < incoming.Count; i++)
            {
                CheckMessage(incoming[i], statuses[i], code != 0);
            }

            Check(code, CollectiveKind.Exchange);
        }
    }

    protected override void BarrierCore()
    {
        guard.Enter(Name, CollectiveKind.Barrier);
        Check(MpiNative.Barrier(_comm), CollectiveKind.Barrier);
    }

    protected override ICommunicator SplitCore(int color, int newRank, IReadOnlyList<int> members, string name) => NewGroup(color, newRank, members.Count, name);

    private MpiCommunicator NewGroup(int color, int newRank, int newSize, string name)
    {
        guard.Enter(Name, CollectiveKind.Split);
        Check(MpiNative.CommSplit(_comm, color, newRank, out var child), CollectiveKind.Split);
        _ = MpiNative.SetErrorHandler(child, symbols.ErrorsReturn);
        return new(symbols, child, newRank, newSize, name, Options, guard);
    }

    /// <summary>Ends a wait, and refuses its error.</summary>
    internal void Check(int code, CollectiveKind kind)
    {
        guard.Leave();
        if (code != 0)
        {
            throw Failed($"{kind} failed in MPI: {Text(code)}");
        }
    }

    /// <summary>Messages in parts that MPI can count.</summary>
    private static List<(nint Data, int Count, int Peer)> Pieces(IReadOnlyList<PeerMessage> messages)
    {
        var pieces = new List<(nint Data, int Count, int Peer)>();
        foreach (var (values, peer) in messages)
        {
            var data = Aten.DataPointer(values);
            pieces.AddRange(Parts(Bytes(values)).Select(part => (data + part.Start, part.Count, peer)));
        }

        return pieces;
    }

    private void CheckMessage((nint Data, int Count, int Peer) expected, in MpiStatus status, bool hasErrors)
    {
        var error = hasErrors ? status.Error : 0; // MPI sets it only where a call failed.
        if (error != 0 || (long)status.Bytes != expected.Count)
        {
            var found = error != 0 ? Text(error) : $"{status.Bytes}";
            throw Failed($"expected a message of {expected.Count} bytes from rank {expected.Peer}, found {found}");
        }
    }

    private static string Text(int code)
    {
        var text = stackalloc byte[MpiNative.ErrorStringLength];
        return MpiNative.ErrorString(code, text, out var length) == 0 ? Encoding.UTF8.GetString(text, length) : $"error {code}";
    }

    private static IEnumerable<(nint Start, int Count)> Parts(long bytes)
    {
        for (var start = 0L; start < bytes; start += MostAtOnce)
        {
            yield return ((nint)start, (int)Math.Min(MostAtOnce, bytes - start));
        }
    }

    private (int[] Counts, int[] Starts) Counts(ReadOnlySpan<long> rows, long width)
    {
        var (counts, starts) = (new int[rows.Length], new int[rows.Length]);
        var total = 0L;
        for (var i = 0; i < rows.Length; i++)
        {
            (counts[i], starts[i]) = ((int)Math.Min(int.MaxValue, rows[i] * width), (int)Math.Min(int.MaxValue, total));
            total += rows[i] * width;
        }

        return total <= int.MaxValue ? (counts, starts) : throw Failed($"expected at most {int.MaxValue} numbers in one call, found {total}; use smaller batches");
    }
}
