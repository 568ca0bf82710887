using ILGPU;

namespace Moesaic.Kernels;

/// <summary>The steps of <see cref="RoutingRule"/> for one token, by the lanes of one warp: lane l has experts l, l + 32, … in registers.</summary>
/// <remarks>
/// <code>
///   shared   scores [E]   then   choice [E]     for lanes that need those of others
/// </code>
/// </remarks>
internal struct RoutingRow
{
    internal RoutingRule Rule;

    internal int Experts;

    /// <summary>Logits are bfloat16: 1 for yes.</summary>
    internal int IsNarrow;

    /// <summary>The row. Taken by all threads of a block together: the CPU accelerator makes that a barrier.</summary>
    internal ArrayView<float> Shared;

    /// <summary>Shared memory of one warp, in floats.</summary>
    internal static int Floats(int experts) => 2 * experts;

    private static int Lane => Group.IdxX & 31;

    /// <summary>Routes the token whose logits lie at an address, and writes K ids and K weights.</summary>
    internal readonly void Route(long logits, long bias, long ids, long weights)
    {
        var chosen = Choose(logits, bias);
        if (Lane < Rule.TopK)
        {
            GlobalMemory.StoreInt(ids + (4L * Lane), chosen.Expert);
            GlobalMemory.StoreFloat(weights + (4L * Lane), chosen.Weight);
        }
    }

    /// <summary>Lane k gets the k-th expert and its weight; others have nothing of use. In as few registers as the experts need.</summary>
    private readonly ChosenExpert Choose(long logits, long bias) =>
        Experts <= 128 ? Choose<LaneNumbers<LaneNumbers<LaneNumber>>>(logits, bias)
        : Experts <= 256 ? Choose<LaneNumbers<LaneNumbers<LaneNumbers<LaneNumber>>>>(logits, bias)
        : Choose<LaneNumbers<LaneNumbers<LaneNumbers<LaneNumbers<LaneNumbers<LaneNumber>>>>>>(logits, bias);

    private readonly ChosenExpert Choose<TNumbers>(long logits, long bias)
        where TNumbers : struct, ILaneNumbers<TNumbers>
    {
        // All that comes from afar is asked for together.
        var scores = IsNarrow != 0 ? TNumbers.Load<BrainFloatRow>(logits, Lane, Experts) : TNumbers.Load<FloatRow>(logits, Lane, Experts);
        TNumbers biases = default;
        if (bias != 0)
        {
            biases = TNumbers.Load<FloatRow>(bias, Lane, Experts);
        }

        scores = Score(scores);
        scores.Store(Shared, Lane, Experts);
        var choice = bias != 0 ? scores.Plus(biases) : scores;
        if (Rule.Groups > 1)
        {
            choice.Store(Shared.SubView(Experts, Experts), Lane, Experts);
            Warp.Barrier();
            choice = choice.InGroups(BestGroups(), Experts / Rule.Groups, Lane);
        }

        // Lane k keeps the k-th of the chosen. Where only NaN is left, that is 0: an id outside would be worse than a wrong one.
        var left = choice.Else(float.NaN, Lane, Experts).Orders();
        var chosen = 0;
        for (var k = 0; k < Rule.TopK; k++)
        {
            var id = Best(left);
            left = left.Without(id, Lane);
            chosen = Lane == k ? id : chosen;
        }

        Warp.Barrier();
        var weight = Weigh(Lane < Rule.TopK, Shared[chosen]);

        // The next token of this warp uses the same row.
        Warp.Barrier();
        return new() { Expert = chosen, Weight = weight };
    }

    private readonly TNumbers Score<TNumbers>(TNumbers logits)
        where TNumbers : struct, ILaneNumbers<TNumbers>
    {
        var scores = logits;
        if (Rule.Softcap > 0f)
        {
            scores = scores.Map(new Softcapped(Rule.Softcap));
        }

        scores = scores.Else(float.NegativeInfinity, Lane, Experts);
        if (Rule.Scores == RoutingScores.Sigmoid)
        {
            scores = scores.Map(default(Sigmoid));
        }
        else if (Rule.Scores == RoutingScores.Softmax)
        {
            scores = scores.Map(new ExponentialBelow(NumberOrder.Value(WarpVotes.Largest(scores.Orders().Largest()))));
            scores = scores.Map(new PartOf(WarpVotes.Sum(scores.Sum())));
        }

        return scores;
    }

    /// <summary>A bit for each of the best groups; lane g scores group g.</summary>
    private readonly int BestGroups()
    {
        var size = Experts / Rule.Groups;
        var (best, second) = (float.NegativeInfinity, float.NegativeInfinity);
        if (Lane < Rule.Groups)
        {
            for (var expert = Lane * size; expert < (Lane + 1) * size; expert++)
            {
                var choice = Shared[Experts + expert];
                second = choice > best ? best : choice > second ? choice : second;
                best = choice > best ? choice : best;
            }
        }

        var left = new LaneNumber(Rule.GroupBest == 2 ? best + second : best).Else(float.NaN, Lane, Rule.Groups).Orders();
        var kept = 0;
        for (var i = 0; i < Rule.TopkGroup; i++)
        {
            var group = Best(left);
            kept |= 1 << group;
            left = left.Without(group, Lane);
        }

        return kept;
    }

    /// <summary>The index of the largest of all lanes' orders, the first of equal ones.</summary>
    private static int Best<TNumbers>(TNumbers orders)
        where TNumbers : struct, ILaneNumbers<TNumbers> => WarpVotes.Smallest(orders.IndexOf(WarpVotes.Largest(orders.Largest()), Lane));

    private readonly float Weigh(bool chosen, float score)
    {
        if (Rule.ChosenScores == RoutingScores.Softmax)
        {
            var max = WarpVotes.MaxOfNumbers(chosen ? score : float.NegativeInfinity);
            score = MathF.Exp(score - max);
            score /= WarpVotes.Sum(chosen ? score : 0f);
        }
        else if (Rule.ChosenScores == RoutingScores.Sigmoid)
        {
            score = default(Sigmoid).Of(score);
        }

        var sum = WarpVotes.Sum(chosen ? score : 0f) + Rule.Epsilon;
        return (Rule.Renormalize != 0 ? score / sum : score) * Rule.Factor;
    }
}
