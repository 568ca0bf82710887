using Moesaic.Native;
using static TorchSharp.torch;

namespace Moesaic;

/// <summary>Each token once to each rank that has an expert of it; there its experts are summed by weight, and one row comes back.</summary>
/// <remarks>Ranks that have the same tokens take a share of them each, and gather the results: sequence-parallel.</remarks>
internal static class RowDispatch
{
    // T tokens of this data rank, S this rank's share of them, N expert ranks, R rows from here to any of them, D hidden, K top-k
    internal static Tensor Run(ExpertRanks ranks, Tensor x, Tensor topKIds, Tensor topKWeights, ExpertRanks.LocalExperts experts)
    {
        var sequence = ranks.Context.Sequence;
        var shares = Shares(x.shape[0], sequence.Size);
        var start = shares[..sequence.Rank].Sum();
        var mine = Exchange(
            ranks, x.narrow(0, start, shares[sequence.Rank]), topKIds.narrow(0, start, shares[sequence.Rank]), topKWeights.narrow(0, start, shares[sequence.Rank]), experts);
        return sequence.Size == 1 ? mine : sequence.GatherRows(mine, shares);
    }

    private static Tensor Exchange(ExpertRanks ranks, Tensor x, Tensor topKIds, Tensor topKWeights, ExpertRanks.LocalExperts experts)
    {
        var group = ranks.Context.Experts;
        var slots = ranks.ToSlots(topKIds); // [S, K]
        var targets = ranks.RankOfSlots(x.device).index_select(0, slots.flatten().to(int64)).view_as(slots); // [S, K]
        var goes = zeros(group.Size, x.shape[0], dtype: @bool, device: x.device); // [N, S]
        goes.scatter_(0, targets.t(), ones_like(targets.t(), dtype: @bool));
        var tokens = goes.nonzero().select(1, 1).contiguous(); // [R], by rank, then by token
        var sent = goes.sum(1).cpu().data<long>().ToArray();
        var received = group.ExchangeCounts(sent, x.device);

        // Ids and weights as one row of 32-bit numbers.
        var routes = cat([slots, Aten.View(topKWeights.contiguous(), int32)], 1).index_select(0, tokens); // [R, 2K]
        var rows = group.ExchangeRows(x.index_select(0, tokens), sent, received);
        var routesHere = group.ExchangeRows(routes, sent, received);
        var k = topKIds.shape[1];
        var weightsHere = Aten.View(routesHere.narrow(1, k, k).contiguous(), float32);
        var sums = ranks.RunOwn(rows, routesHere.narrow(1, 0, k), weightsHere, experts).contiguous();

        var returned = group.ExchangeRows(sums, received, sent); // [R, D]
        var total = zeros(x.shape, x.dtype == float64 ? float64 : float32, x.device);
        return total.index_add_(0, tokens, returned.to(total.dtype), 1).to(x.dtype);
    }

    /// <summary>As even as can be; the first ranks have one more.</summary>
    private static long[] Shares(long rows, int ranks) => [.. Enumerable.Range(0, ranks).Select(rank => (rows / ranks) + (rank < rows % ranks ? 1 : 0))];
}
