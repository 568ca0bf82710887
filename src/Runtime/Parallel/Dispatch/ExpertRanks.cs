using Moesaic.Eplb;
using static TorchSharp.torch;

namespace Moesaic;

/// <summary>The routed experts of one block, spread over ranks: who has which, and how tokens find them.</summary>
internal sealed class ExpertRanks(ParallelContext context, ExpertPlacement placement) : IDisposable
{
    private LayerSlots? _slots;
    private Tensor? _rankOfSlots;

    /// <summary>Runs this rank's experts: rows [R, D], its own slots' numbers [R, K] int32 and weights [R, K] to [R, D].</summary>
    internal delegate Tensor LocalExperts(Tensor x, Tensor localIds, Tensor weights);

    internal ParallelContext Context => context;

    /// <summary>Which expert each slot holds now.</summary>
    internal SlotMap Map => _slots?.Map ?? placement.Map;

    /// <summary>The slots of this rank.</summary>
    internal (int First, int Count) Own { get; } = placement.SlotsOf(context.Experts.Rank);

    /// <summary>The rank of each slot, [P], where ids are; the same for all maps.</summary>
    internal Tensor RankOfSlots(Device device) => _rankOfSlots ??= Kept(tensor(placement.RankOfSlots(), device: device));

    /// <summary>The slots as load balancing sees them, on the device of ids.</summary>
    internal LayerSlots Slots(Device device) => _slots ??= new(placement.Map, device);

    /// <summary>Each token through its experts, wherever they are: [T, D], to be summed over <see cref="ParallelContext.Reduction"/>.</summary>
    // T tokens of this rank, R rows that it computes, D hidden, K top-k
    internal Partial Run(Tensor x, Tensor topKIds, Tensor topKWeights, LocalExperts experts)
    {
        using var scope = NewDisposeScope();
        var real = RealRows(x);
        var result = real is null
            ? Dispatch(x, topKIds, topKWeights, experts)
            : zeros_like(x).index_copy_(0, real, Dispatch(x.index_select(0, real), topKIds.index_select(0, real), topKWeights.index_select(0, real), experts));
        return new(result.MoveToOuterDisposeScope(), context.Reduction);
    }

    /// <summary>The physical slot of each assignment.</summary>
    internal Tensor ToSlots(Tensor topKIds) => placement.IsIdentity && _slots is null ? topKIds.alias() : Slots(topKIds.device).ToPhysical(topKIds);

    /// <summary>Those of the assignments whose slot is this rank's: [R, D], zero where a row has none.</summary>
    internal Tensor RunOwn(Tensor x, Tensor slots, Tensor weights, LocalExperts experts)
    {
        if (context.Layout.ExpertRanks == 1)
        {
            return experts(x, slots, weights);
        }

        using var scope = NewDisposeScope();
        var (first, count) = Own;
        var own = slots.ge(first).logical_and_(slots.lt(first + count)).flatten().nonzero().squeeze(1); // [A]: waits once, for their number.
        var sum = zeros(x.shape, x.dtype == float64 ? float64 : float32, x.device);
        if (own.shape[0] > 0)
        {
            var tokens = own.div(slots.shape[1], RoundingMode.floor); // [A]
            var ids = slots.flatten().index_select(0, own).sub(first).unsqueeze(1); // [A, 1]
            var rows = experts(x.index_select(0, tokens), ids, weights.flatten().index_select(0, own).unsqueeze(1)); // [A, D]
            sum.index_add_(0, tokens, rows.to(sum.dtype), 1);
        }

        return sum.to(x.dtype).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _slots?.Dispose();
        _rankOfSlots?.Dispose();
    }

    private static Tensor Kept(Tensor tensor) => tensor.DetachFromDisposeScope();

    private Tensor Dispatch(Tensor x, Tensor topKIds, Tensor topKWeights, LocalExperts experts) =>
        context.UsesAllToAll ? RowDispatch.Run(this, x, topKIds, topKWeights, experts)
        : context.Layout.Data > 1 ? GatherDispatch.Run(this, x, topKIds, topKWeights, experts)
        : RunOwn(x, ToSlots(topKIds), topKWeights, experts);

    /// <summary>The rows that stand for a token; null where all do. Rows may be a token's K copies, below each other.</summary>
    private Tensor? RealRows(Tensor x)
    {
        if (context.IsIdle)
        {
            return zeros(0, int64, x.device);
        }

        if (context.RealTokens is not { } real)
        {
            return null;
        }

        var copies = x.shape[0] / real.numel();
        return (copies == 1 ? real : real.repeat_interleave(copies)).nonzero().squeeze(1);
    }
}
