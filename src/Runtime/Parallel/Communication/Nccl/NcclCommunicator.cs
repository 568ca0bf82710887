using System.Runtime.InteropServices;
using Moesaic.Native;
using static TorchSharp.torch;

namespace Moesaic.Communication;

/// <summary>Processes with a GPU each. Calls are queued on libtorch's current stream, behind what made their tensors and before what uses them.</summary>
/// <param name="process">What the communicators of this process share.</param>
/// <param name="control">The same ranks, over which calls are compared without waiting for GPUs; null for none.</param>
internal sealed class NcclCommunicator(
    nint comm, int rank, int size, string name, CommunicationOptions options, NcclProcess process, IControl? control) : Communicator(rank, size, name, options)
{
    private nint _comm = comm;
    private nint _stream;
    private bool _failed;

    public override Device Device => process.Device;

    /// <summary>Calls NCCL even where there is one rank, for tests.</summary>
    internal bool CallsAlone { get; init; }

    private bool IsWorld { get; init; }

    protected override bool IsAlone => base.IsAlone && !CallsAlone;

    /// <summary>Joins the ranks that have the same id.</summary>
    internal static NcclCommunicator Join(
        NcclUniqueId id, int rank, int size, CommunicationOptions options, NcclProcess process, IControl? control, bool callsAlone = false)
    {
        process.Guard.Enter("the start of NCCL");
        Check(NcclNative.InitRank(out var comm, size, id, rank), 0, $"rank {rank} of {size} to join");
        process.Guard.Leave();
        process.Watch.Add(comm);
        return new(comm, rank, size, "world", options, process, control) { CallsAlone = callsAlone, IsWorld = true };
    }

    /// <exception cref="CommunicationException">The result is an error.</exception>
    internal static void Check(int result, nint comm, string what)
    {
        if (result != 0)
        {
            throw new CommunicationException($"NCCL: expected {what}, found {Describe(result, comm)}; NCCL_DEBUG=INFO says more");
        }
    }

    /// <summary>NCCL's words for an error.</summary>
    internal static unsafe string Describe(int result, nint comm)
    {
        var text = Marshal.PtrToStringUTF8((nint)NcclNative.GetErrorString(result));
        var last = Marshal.PtrToStringUTF8((nint)NcclNative.GetLastError(comm));
        return string.IsNullOrWhiteSpace(last) ? $"{text}" : $"{text}: {last.Trim()}";
    }

    public override void Dispose()
    {
        if (_comm == 0)
        {
            return;
        }

        process.Watch.Remove(_comm);
        process.Guard.Enter($"the end of '{Name}'");
        _ = _failed ? NcclNative.Abort(_comm) : NcclNative.Destroy(_comm); // After a failure nobody would answer.
        process.Guard.Leave();
        _comm = 0;
        control?.Dispose();
        if (IsWorld)
        {
            process.Dispose();
        }
    }

    protected override bool Adds(ScalarType dtype) => true;

    protected override void GatherNumbers(ReadOnlySpan<long> mine, Span<long> all)
    {
        if (control is not null)
        {
            control.Gather(mine, all);
            return;
        }

        var rows = new long[Size];
        Array.Fill(rows, mine.Length);
        using var own = tensor(mine.ToArray(), device: Device);
        using var theirs = zeros(all.Length, int64, Device);
        AllGatherCore(own, theirs, rows);
        using var host = theirs.cpu();
        host.data<long>().ToArray().CopyTo(all);
    }

    protected override void AllReduceCore(Tensor values)
    {
        var (data, type, stream) = (Aten.DataPointer(values), Type(values.dtype), Enter(CollectiveKind.AllReduce));
        Leave(NcclNative.AllReduce(data, data, (nuint)values.numel(), type, NcclNative.Sum, _comm, stream), CollectiveKind.AllReduce);
    }

    protected override void AllGatherCore(Tensor mine, Tensor all, ReadOnlySpan<long> rows)
    {
        var (from, to, width, stream) = (Aten.DataPointer(mine), Aten.DataPointer(all), RowBytes(all), Enter(CollectiveKind.AllGather));
        if (!rows.ContainsAnyExcept(rows[0]))
        {
            Leave(NcclNative.AllGather(from, to, (nuint)Bytes(mine), NcclNative.UInt8, _comm, stream), CollectiveKind.AllGather);
            return;
        }

        var group = new NcclGroup(CollectiveKind.AllGather, this);
        for (var root = 0; root < Size; root++)
        {
            var bytes = rows[root] * width;
            if (bytes > 0)
            {
                group.Add(NcclNative.Broadcast(root == Rank ? from : to, to, (nuint)bytes, NcclNative.UInt8, root, _comm, stream));
                to += (nint)bytes;
            }
        }

        group.End();
    }

    protected override void ReduceScatterCore(Tensor all, Tensor mine, ReadOnlySpan<long> rows)
    {
        var (from, to, type, stream) = (Aten.DataPointer(all), Aten.DataPointer(mine), Type(all.dtype), Enter(CollectiveKind.ReduceScatter));
        var width = all.numel() / all.size(0);
        if (!rows.ContainsAnyExcept(rows[0]))
        {
            Leave(NcclNative.ReduceScatter(from, to, (nuint)(rows[Rank] * width), type, NcclNative.Sum, _comm, stream), CollectiveKind.ReduceScatter);
            return;
        }

        var group = new NcclGroup(CollectiveKind.ReduceScatter, this);
        for (var root = 0; root < Size; root++)
        {
            if (rows[root] > 0)
            {
                group.Add(NcclNative.Reduce(from, root == Rank ? to : from, (nuint)(rows[root] * width), type, NcclNative.Sum, root, _comm, stream));
                from += (nint)(rows[root] * width * all.element_size());
            }
        }

        group.End();
    }

    protected override void AllToAllCore(Tensor send, ReadOnlySpan<long> sendRows, Tensor receive, ReadOnlySpan<long> receiveRows)
    {
        var (from, to, width, stream) = (Aten.DataPointer(send), Aten.DataPointer(receive), RowBytes(receive), Enter(CollectiveKind.AllToAll));
        var group = new NcclGroup(CollectiveKind.AllToAll, this);
        for (var peer = 0; peer < Size; peer++)
        {
            var (sent, received) = (sendRows[peer] * width, receiveRows[peer] * width);
            if (sent > 0)
            {
                group.Add(NcclNative.Send(from, (nuint)sent, NcclNative.UInt8, peer, _comm, stream));
            }

            if (received > 0)
            {
                group.Add(NcclNative.Receive(to, (nuint)received, NcclNative.UInt8, peer, _comm, stream));
            }

            (from, to) = (from + (nint)sent, to + (nint)received);
        }

        group.End();
    }

    protected override void BroadcastCore(Tensor values, int root)
    {
        var (data, stream) = (Aten.DataPointer(values), Enter(CollectiveKind.Broadcast));
        Leave(NcclNative.Broadcast(data, data, (nuint)Bytes(values), NcclNative.UInt8, root, _comm, stream), CollectiveKind.Broadcast);
    }

    /// <remarks>NCCL does not say how long a message was, so lengths travel first, where calls are compared.</remarks>
    protected override void ExchangeCore(IReadOnlyList<PeerMessage> sends, IReadOnlyList<PeerMessage> receives)
    {
        if (Options.ComparesCalls)
        {
            CompareLengths(sends, receives);
        }

        Carry(sends, receives);
    }

    protected override void BarrierCore() => GatherNumbers([0], new long[Size]);

    protected override ICommunicator SplitCore(int color, int newRank, IReadOnlyList<int> members, string name)
    {
        _ = Enter(CollectiveKind.Split);
        Leave(NcclNative.Split(_comm, color, newRank, out var child, 0), CollectiveKind.Split);
        process.Watch.Add(child);
        return new NcclCommunicator(child, newRank, members.Count, name, Options, process, control?.Split(color, newRank, members.Count, name)) { CallsAlone = CallsAlone };
    }

    /// <summary>Ends a call, and refuses its error.</summary>
    internal void Leave(int result, CollectiveKind kind)
    {
        process.Guard.Leave();
        process.Watch.Queued(_stream);
        _failed |= result != 0;
        Check(result, _comm, $"{kind} in '{Name}' on rank {Rank} of {Size}");
    }

    /// <summary>Begins a call, and watches over it.</summary>
    /// <returns>The stream to queue it on.</returns>
    private nint Enter(CollectiveKind kind)
    {
        OperatorException.ThrowIfFailed(StableAbi.GetCurrentCudaStream(Math.Max(0, Device.index), out _stream), "libtorch's current stream"u8);
        process.Guard.Enter(Name, kind);
        return _stream;
    }

    private void Carry(IReadOnlyList<PeerMessage> sends, IReadOnlyList<PeerMessage> receives)
    {
        var stream = Enter(CollectiveKind.Exchange);
        var group = new NcclGroup(CollectiveKind.Exchange, this);
        foreach (var (values, to) in sends.Where(static message => message.Values.numel() > 0))
        {
            group.Add(NcclNative.Send(Aten.DataPointer(values), (nuint)Bytes(values), NcclNative.UInt8, to, _comm, stream));
        }

        foreach (var (values, from) in receives.Where(static message => message.Values.numel() > 0))
        {
            group.Add(NcclNative.Receive(Aten.DataPointer(values), (nuint)Bytes(values), NcclNative.UInt8, from, _comm, stream));
        }

        group.End();
    }

    private void CompareLengths(IReadOnlyList<PeerMessage> sends, IReadOnlyList<PeerMessage> receives)
    {
        using var scope = NewDisposeScope();
        var lengths = sends.Count == 0 ? zeros(0, int64, Device) : tensor(sends.Select(message => Bytes(message.Values)).ToArray(), device: Device);
        var found = zeros(receives.Count, int64, Device);
        Carry(
            [.. sends.Select((message, i) => new PeerMessage(lengths.narrow(0, i, 1), message.Peer))],
            [.. receives.Select((message, i) => new PeerMessage(found.narrow(0, i, 1), message.Peer))]);
        foreach (var (expected, length) in receives.Zip(receives.Count == 0 ? [] : found.cpu().data<long>().ToArray()))
        {
            if (length != Bytes(expected.Values))
            {
                throw Failed($"expected a message of {Bytes(expected.Values)} bytes from rank {expected.Peer}, found {length}");
            }
        }
    }

    /// <summary>NCCL's number of a type that is added.</summary>
    private int Type(ScalarType dtype) => dtype switch
    {
        ScalarType.Int8 => 0,
        ScalarType.Byte => NcclNative.UInt8,
        ScalarType.Int32 => 2,
        ScalarType.Int64 => 4,
        ScalarType.Float16 => 6,
        ScalarType.Float32 => 7,
        ScalarType.Float64 => 8,
        ScalarType.BFloat16 => 9,
        _ => throw Failed($"expected numbers to add, found {dtype}"),
    };
}
