using static TorchSharp.torch;

namespace Moesaic;

/// <summary>All tokens of all data ranks to each of them, and the sums of what they made of them back.</summary>
internal static class GatherDispatch
{
    // T tokens of this rank, S of all data ranks, D hidden, K top-k
    internal static Tensor Run(ExpertRanks ranks, Tensor x, Tensor topKIds, Tensor topKWeights, ExpertRanks.LocalExperts experts)
    {
        var data = ranks.Context.Data;
        var rows = data.GatherCounts(x.shape[0], x.device);
        var all = data.GatherRows(x, rows); // [S, D]
        var slots = ranks.ToSlots(data.GatherRows(topKIds, rows)); // [S, K]
        var sums = ranks.RunOwn(all, slots, data.GatherRows(topKWeights, rows), experts).contiguous(); // [S, D]
        var mine = empty(x.shape, x.dtype, x.device);
        data.ReduceScatter(sums, mine, rows);
        return mine;
    }
}
