using static TorchSharp.torch;

namespace Moesaic;

/// <summary>The T * K assignments of tokens to experts, sorted by expert: rows of expert 0, then of expert 1, …</summary>
/// <remarks>The sort is stable: an expert's rows stand in the order of their tokens, so results do not change from run to run.</remarks>
internal sealed class TokenPermutation : IDisposable
{
    private readonly Tensor _order;
    private readonly Tensor _tokens;

    // T tokens, D hidden, E experts, K top-k, R = T * K rows

    /// <summary>Sorts <paramref name="topKIds"/>, [T, K] int32.</summary>
    internal TokenPermutation(Tensor topKIds, long numExperts)
    {
        using var flat = topKIds.flatten();                                            // [R]
        (Experts, _order) = flat.sort(0, descending: false, stable: true);
        _tokens = _order.div(topKIds.size(1), RoundingMode.floor);
        using var experts = arange(numExperts, ScalarType.Int32, topKIds.device);
        Offsets = searchsorted(Experts, experts, out_int32: true, right: true);
    }

    /// <summary>[R] int32: the expert of each row, ascending.</summary>
    internal Tensor Experts { get; }

    /// <summary>[E] int32: where each expert's rows end.</summary>
    internal Tensor Offsets { get; }

    /// <summary>[T, D] to [R, D]: each row's token.</summary>
    internal Tensor Gather(Tensor x) => x.index_select(0, _tokens);

    /// <summary>[R, D] in the order of experts to [R, D] in the order of tokens, each with its K rows.</summary>
    internal Tensor Restore(Tensor rows) => empty_like(rows).index_copy_(0, _order, rows);

    public void Dispose()
    {
        Experts.Dispose();
        Offsets.Dispose();
        _order.Dispose();
        _tokens.Dispose();
    }
}
