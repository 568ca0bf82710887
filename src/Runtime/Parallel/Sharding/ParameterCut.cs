using static TorchSharp.torch;

namespace Moesaic;

/// <summary>The part of a parameter that a rank has: some of its experts, and a stretch of one more dimension.</summary>
/// <param name="Experts">The expert of each of this rank's slots, in the first dimension; null for all of it.</param>
/// <param name="Dimension">The dimension of which a rank has a stretch; −1 for none.</param>
/// <param name="Start">Where the stretch begins; within each half where <paramref name="Halves"/>.</param>
/// <param name="Length">How long it is; in each half.</param>
/// <param name="Halves">The dimension is gate and up below each other, each cut alike.</param>
internal sealed record ParameterCut(IReadOnlyList<int>? Experts = null, int Dimension = -1, long Start = 0, long Length = 0, bool Halves = false)
{
    /// <summary>Another rank adds it: here it is zero.</summary>
    internal bool IsZero { get; init; }

    /// <summary>What a rank has of a parameter of this shape.</summary>
    internal long[] LocalShape(ReadOnlySpan<long> full)
    {
        long[] shape = [.. full];
        if (Experts is not null)
        {
            shape[0] = Experts.Count;
        }

        if (Dimension >= 0)
        {
            shape[Dimension] = Halves ? 2 * Length : Length;
        }

        return shape;
    }

    /// <summary>The part of a whole parameter; a view where that is possible.</summary>
    internal Tensor Of(Tensor full)
    {
        using var scope = NewDisposeScope();
        var part = Experts is null ? full.alias() : OfExperts(full, Experts);
        part = Dimension < 0 ? part : Stretch(part, Dimension);
        return (IsZero ? part.zeros_like() : part).MoveToOuterDisposeScope();
    }

    /// <summary>The stretch of a tensor whose <paramref name="dimension"/> is the one that is cut.</summary>
    internal Tensor Stretch(Tensor whole, int dimension)
    {
        if (!Halves)
        {
            return whole.narrow(dimension, Start, Length);
        }

        using var halves = whole.unflatten(dimension, 2, -1);
        using var parts = halves.narrow(dimension + 1, Start, Length);
        return parts.flatten(dimension, dimension + 1);
    }

    /// <summary>Slots of this rank that hold an expert; all slots that there are where the first dimension is whole.</summary>
    internal IEnumerable<int> SlotsOf(int expert) => Experts is null ? [expert] : Enumerable.Range(0, Experts.Count).Where(slot => Experts[slot] == expert);

    private static Tensor OfExperts(Tensor full, IReadOnlyList<int> experts)
    {
        if (experts.Count > 0 && experts.Index().All(slot => slot.Item == experts[0] + slot.Index))
        {
            return full.narrow(0, experts[0], experts.Count);
        }

        using var index = tensor(experts.Select(expert => (long)expert).ToArray(), dtype: int64, device: full.device);
        return full.index_select(0, index);
    }
}
