using Moesaic.Communication;
using static TorchSharp.torch;

namespace Moesaic;

/// <summary>Rows between ranks, in new tensors.</summary>
internal static class RowExchange
{
    /// <summary>One number of each rank.</summary>
    internal static long[] GatherCounts(this ICommunicator group, long mine, Device device)
    {
        using var own = tensor([mine], device: device);
        using var all = zeros(group.Size, int64, device);
        group.AllGather(own, all, Ones(group.Size));
        using var host = all.cpu();
        return host.data<long>().ToArray();
    }

    /// <summary>One number to each rank, and one from each.</summary>
    internal static long[] ExchangeCounts(this ICommunicator group, long[] sent, Device device)
    {
        using var own = tensor(sent, device: device);
        using var theirs = zeros(group.Size, int64, device);
        group.AllToAll(own, Ones(group.Size), theirs, Ones(group.Size));
        using var host = theirs.cpu();
        return host.data<long>().ToArray();
    }

    /// <summary>The rows of all ranks below each other.</summary>
    internal static Tensor GatherRows(this ICommunicator group, Tensor mine, long[] rows)
    {
        using var dense = mine.contiguous();
        var all = empty([rows.Sum(), .. mine.shape[1..]], mine.dtype, mine.device);
        group.AllGather(dense, all, rows);
        return all;
    }

    /// <summary>Rows for each rank, to rows from each rank.</summary>
    internal static Tensor ExchangeRows(this ICommunicator group, Tensor send, long[] sent, long[] received)
    {
        using var dense = send.contiguous();
        var rows = empty([received.Sum(), .. send.shape[1..]], send.dtype, send.device);
        group.AllToAll(dense, sent, rows, received);
        return rows;
    }

    private static long[] Ones(int count)
    {
        var ones = new long[count];
        Array.Fill(ones, 1);
        return ones;
    }
}
