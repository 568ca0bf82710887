using static TorchSharp.torch;

namespace Moesaic.Communication;

/// <summary>The ranks that compute one model together, and how tensors get from one to another.</summary>
/// <remarks>
/// Every rank of the group makes the same calls in the same order. Tensors are dense, where the backend reads them (MPI and threads:
/// the CPU; NCCL: CUDA), and the caller's; a call returns when the caller may use them again. Rows are of the first dimension.
/// </remarks>
public interface ICommunicator : IDisposable
{
    /// <summary>This rank, 0 to <see cref="Size"/> − 1.</summary>
    int Rank { get; }

    /// <summary>How many ranks there are.</summary>
    int Size { get; }

    /// <summary>What messages call the group: <c>world</c>, <c>tensor</c>.</summary>
    string Name { get; }

    /// <summary>Where tensors must be.</summary>
    Device Device { get; }

    /// <summary>What this rank has sent through this group.</summary>
    CommunicationCounters Counters { get; }

    /// <summary>Replaces the values of every rank by their sum. One shape and dtype on all ranks.</summary>
    /// <exception cref="CommunicationException">Ranks do not agree on the call, or one of them has failed; so for every call.</exception>
    void AllReduce(Tensor values);

    /// <summary>The rows of all ranks, below each other in the order of the ranks.</summary>
    /// <param name="mine">This rank's, <paramref name="rows"/>[<see cref="Rank"/>] of them; none is fine.</param>
    /// <param name="all">Is written: as many rows as all ranks have together.</param>
    /// <param name="rows">How many each rank has; the same on all ranks.</param>
    void AllGather(Tensor mine, Tensor all, ReadOnlySpan<long> rows);

    /// <summary>The sum of what all ranks have for this rank.</summary>
    /// <param name="all">Rows for rank 0, then for rank 1, and so on.</param>
    /// <param name="mine">Is written: the sum of this rank's part, <paramref name="rows"/>[<see cref="Rank"/>] rows.</param>
    /// <param name="rows">How many rows each rank gets; the same on all ranks.</param>
    void ReduceScatter(Tensor all, Tensor mine, ReadOnlySpan<long> rows);

    /// <summary>Rows from each rank to each rank.</summary>
    /// <param name="send">Rows for rank 0, then for rank 1, and so on.</param>
    /// <param name="sendRows">How many go to each rank.</param>
    /// <param name="receive">Is written: rows from rank 0, then from rank 1, and so on.</param>
    /// <param name="receiveRows">How many come from each rank: what that rank sends to this one.</param>
    void AllToAll(Tensor send, ReadOnlySpan<long> sendRows, Tensor receive, ReadOnlySpan<long> receiveRows);

    /// <summary>The values of one rank to all. One shape and dtype on all ranks.</summary>
    void Broadcast(Tensor values, int root);

    /// <summary>One message; <paramref name="to"/> calls <see cref="Receive"/>.</summary>
    void Send(Tensor values, int to);

    /// <summary>One message from <paramref name="from"/>, of this tensor's shape and dtype.</summary>
    void Receive(Tensor values, int from);

    /// <summary>Many messages at once, in flight together: no order between ranks can block them. Between two ranks, first sent is first received.</summary>
    void Exchange(IReadOnlyList<PeerMessage> sends, IReadOnlyList<PeerMessage> receives);

    /// <summary>Returns when every rank has called it.</summary>
    void Barrier();

    /// <summary>A group of those ranks that name the same <paramref name="color"/>, in the order of their ranks here. All ranks call it.</summary>
    /// <param name="name">What messages call the group.</param>
    ICommunicator Split(int color, string name);
}
