using System.Runtime.InteropServices;
using Moesaic.Native;
using static TorchSharp.torch;

namespace Moesaic.Communication;

/// <summary>Processes with a GPU each. Calls are queued on libtorch's current stream, behind what made their tensors and before what uses them.</summary>
/// <param name="control">MPI ranks of the same order, over which calls are compared without waiting for GPUs; null for none.</param>
/// <param name="guard">Keeps the GPU current; deleted with the world, 0 in its parts.</param>
internal sealed class NcclCommunicator(
    nint comm, int rank, int size, string name, Device device, CommunicationOptions options, ICommunicator? control, nint guard)
    : Communicator(rank, size, name, options)
{
    private nint _comm = comm;

    public override Device Device => device;

    /// <summary>Calls NCCL even where there is one rank, for tests.</summary>
    internal bool CallsAlone { get; init; }

    protected override bool IsAlone => base.IsAlone && !CallsAlone;

    /// <summary>Joins the ranks that have the same id.</summary>
    internal static NcclCommunicator Join(
        NcclUniqueId id, int rank, int size, Device device, CommunicationOptions options, ICommunicator? control, bool callsAlone = false)
    {
        OperatorException.ThrowIfFailed(NcclNative.NewDeviceGuard(Math.Max(0, device.index), out var guard), "a GPU for NCCL"u8);
        Check(NcclNative.InitRank(out var comm, size, id, rank), 0, $"rank {rank} of {size} to join");
        return new(comm, rank, size, "world", device, options, control, guard) { CallsAlone = callsAlone };
    }

    /// <exception cref="CommunicationException">The result is an error.</exception>
    internal static unsafe void Check(int result, nint comm, string what)
    {
        if (result != 0)
        {
            var text = Marshal.PtrToStringUTF8((nint)NcclNative.GetErrorString(result));
            var last = Marshal.PtrToStringUTF8((nint)NcclNative.GetLastError(comm));
            throw new CommunicationException($"NCCL: expected {what}, found {text}{(string.IsNullOrWhiteSpace(last) ? "" : $": {last}")}; NCCL_DEBUG=INFO says more");
        }
    }

    public override void Dispose()
    {
        if (_comm != 0)
        {
            _ = NcclNative.Destroy(_comm);
            _comm = 0;
            control?.Dispose();
            if (guard != 0)
            {
                _ = NcclNative.DeleteDeviceGuard(guard);
            }
        }
    }

    protected override bool Adds(ScalarType dtype) => true;

    protected override void GatherNumbers(ReadOnlySpan<long> mine, Span<long> all)
    {
        var rows = new long[Size];
        Array.Fill(rows, mine.Length);
        var where = control is null ? device : CPU;
        using var own = tensor(mine.ToArray(), device: where);
        using var theirs = zeros(all.Length, int64, where);
        if (control is not null)
        {
            control.AllGather(own, theirs, rows);
        }
        else
        {
            AllGatherCore(own, theirs, rows);
        }

        using var host = theirs.cpu(); // Without MPI this waits for the GPU, once a call: MOESAIC_COMPARE_CALLS=0 spares it.
        host.data<long>().ToArray().CopyTo(all);
    }

    protected override void AllReduceCore(Tensor values)
    {
        var data = Aten.DataPointer(values);
        Run(NcclNative.AllReduce(data, data, (nuint)values.numel(), Type(values.dtype), NcclNative.Sum, _comm, Stream()), CollectiveKind.AllReduce);
    }

    protected override void AllGatherCore(Tensor mine, Tensor all, ReadOnlySpan<long> rows)
    {
        var (from, to, width, stream) = (Aten.DataPointer(mine), Aten.DataPointer(all), RowBytes(all), Stream());
        if (!rows.ContainsAnyExcept(rows[0]))
        {
            Run(NcclNative.AllGather(from, to, (nuint)Bytes(mine), NcclNative.UInt8, _comm, stream), CollectiveKind.AllGather);
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
        var (from, to, type, stream) = (Aten.DataPointer(all), Aten.DataPointer(mine), Type(all.dtype), Stream());
        var width = all.numel() / all.size(0);
        if (!rows.ContainsAnyExcept(rows[0]))
        {
            Run(NcclNative.ReduceScatter(from, to, (nuint)(rows[Rank] * width), type, NcclNative.Sum, _comm, stream), CollectiveKind.ReduceScatter);
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
        var (from, to, width, stream) = (Aten.DataPointer(send), Aten.DataPointer(receive), RowBytes(receive), Stream());
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
        var data = Aten.DataPointer(values);
        Run(NcclNative.Broadcast(data, data, (nuint)Bytes(values), NcclNative.UInt8, root, _comm, Stream()), CollectiveKind.Broadcast);
    }

    /// <remarks>NCCL does not say how long a message was: ranks that expect other sizes are undefined behaviour here, and an error elsewhere.</remarks>
    protected override void ExchangeCore(IReadOnlyList<PeerMessage> sends, IReadOnlyList<PeerMessage> receives)
    {
        var stream = Stream();
        var group = new NcclGroup(CollectiveKind.Exchange, this);
        foreach (var (values, to) in sends)
        {
            group.Add(NcclNative.Send(Aten.DataPointer(values), (nuint)Bytes(values), NcclNative.UInt8, to, _comm, stream));
        }

        foreach (var (values, from) in receives)
        {
            group.Add(NcclNative.Receive(Aten.DataPointer(values), (nuint)Bytes(values), NcclNative.UInt8, from, _comm, stream));
        }

        group.End();
    }

    protected override void BarrierCore() => GatherNumbers([0], new long[Size]);

    protected override ICommunicator SplitCore(int color, int newRank, IReadOnlyList<int> members, string name)
    {
        Run(NcclNative.Split(_comm, color, newRank, out var child, 0), CollectiveKind.Split);
        return new NcclCommunicator(child, newRank, members.Count, name, device, Options, control?.Split(color, name), guard: 0) { CallsAlone = CallsAlone };
    }

    internal void Run(int result, CollectiveKind kind) => Check(result, _comm, $"{kind} in '{Name}' on rank {Rank} of {Size}");

    private nint Stream()
    {
        OperatorException.ThrowIfFailed(StableAbi.GetCurrentCudaStream(Math.Max(0, device.index), out var stream), "libtorch's current stream"u8);
        return stream;
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
