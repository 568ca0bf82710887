using ILGPU;

namespace Moesaic.Kernels;

/// <summary>The steps of <see cref="RoutingRule"/> for one token, by the lanes of one warp. Its row lies in shared memory.</summary>
/// <remarks>
/// <code>
///   shared   scores [E]   then   choice [E]     lane l has experts l, l + 32, …
/// </code>
/// </remarks>
internal struct RoutingRow
{
    // Numbers of a lane that are asked for at once.
    private const int Together = 8;

    internal RoutingRule Rule;

    internal int Experts;

    /// <summary>Logits are bfloat16: 1 for yes.</summary>
    internal int IsNarrow;

    /// <summary>The row. Taken by all threads of a block together: the CPU accelerator makes that a barrier.</summary>
    internal ArrayView<float> Shared;

    /// <summary>Shared memory of one warp, in floats.</summary>
    internal static int Floats(int experts) => 2 * experts;

    /// <summary>Routes the token whose logits lie at an address, and writes K ids and K weights.</summary>
    internal readonly void Route(long logits, long bias, long ids, long weights)
    {
        var lane = Group.IdxX & 31;
        Score(lane, logits, bias);
        if (Rule.Groups > 1)
        {
            DropGroups(lane);
        }

        // Lane k keeps the k-th of the chosen.
        var chosen = 0;
        var best = BestOfLane(lane);
        for (var k = 0; k < Rule.TopK; k++)
        {
            var id = WarpVotes.Best(best);

            // Logits that are NaN leave nobody; an id outside would be worse than a wrong one.
            id = id < Experts ? id : 0;
            if (lane == (id & 31))
            {
                // What is chosen is left no more: NaN loses every comparison.
                Shared[Experts + id] = float.NaN;
                best = BestOfLane(lane);
            }

            chosen = lane == k ? id : chosen;
        }

        var weight = Weigh(lane < Rule.TopK, Shared[chosen]);
        if (lane < Rule.TopK)
        {
            GlobalMemory.StoreInt(ids + (4L * lane), chosen);
            GlobalMemory.StoreFloat(weights + (4L * lane), weight);
        }

        // The next token of this warp uses the same row.
        Warp.Barrier();
    }

    private readonly void Score(int lane, long logits, long bias)
    {
        // All that comes from afar is asked for together.
        for (var first = lane; first < Experts; first += 32 * Together)
        {
            if (IsNarrow != 0)
            {
                Fetch<BrainFloatRow>(first, logits, 0);
            }
            else
            {
                Fetch<FloatRow>(first, logits, 0);
            }

            if (bias != 0)
            {
                Fetch<FloatRow>(first, bias, Experts);
            }
        }

        var max = float.NegativeInfinity;
        for (var expert = lane; expert < Experts; expert += 32)
        {
            var score = Bounded(Shared[expert]);
            Shared[expert] = score;
            max = score > max ? score : max;
        }

        if (Rule.Scores == RoutingScores.Softmax)
        {
            max = WarpVotes.MaxOfNumbers(max);
            var sum = 0f;
            for (var expert = lane; expert < Experts; expert += 32)
            {
                var score = MathF.Exp(Shared[expert] - max);
                Shared[expert] = score;
                sum += score;
            }

            sum = WarpVotes.Sum(sum);
            for (var expert = lane; expert < Experts; expert += 32)
            {
                Shared[expert] = Shared[expert] / sum;
            }
        }

        for (var expert = lane; expert < Experts; expert += 32)
        {
            var score = Shared[expert];
            if (Rule.Scores == RoutingScores.Sigmoid)
            {
                score = Sigmoid(score);
                Shared[expert] = score;
            }

            Shared[Experts + expert] = bias == 0 ? score : score + Shared[Experts + expert];
        }

        Warp.Barrier();
    }

    // By exponentials: the instruction for it has 11 bits.
    private readonly float Bounded(float logit) =>
        Rule.Softcap > 0f ? Rule.Softcap * (1f - (2f / (1f + MathF.Exp(2f * logit / Rule.Softcap)))) : logit;

    /// <summary>Minus infinity for all experts outside of the best groups; lane g scores group g.</summary>
    private readonly void DropGroups(int lane)
    {
        var size = Experts / Rule.Groups;
        var (best, second) = (float.NegativeInfinity, float.NegativeInfinity);
        if (lane < Rule.Groups)
        {
            for (var expert = lane * size; expert < (lane + 1) * size; expert++)
            {
                var choice = Shared[Experts + expert];
                second = choice > best ? best : choice > second ? choice : second;
                best = choice > best ? choice : best;
            }
        }

        var group = lane < Rule.Groups ? new Candidate { Value = Rule.GroupBest == 2 ? best + second : best, Index = lane } : Candidate.None;
        var kept = 0;
        for (var i = 0; i < Rule.TopkGroup; i++)
        {
            var winner = WarpVotes.Best(group);
            kept |= 1 << winner;
            group = winner == lane ? Candidate.None : group;
        }

        // Choices have been read by the lanes of their groups, and are written by others.
        Warp.Barrier();
        for (var expert = lane; expert < Experts; expert += 32)
        {
            if (((kept >> (expert / size)) & 1) == 0)
            {
                Shared[Experts + expert] = float.NegativeInfinity;
            }
        }

        Warp.Barrier();
    }

    /// <summary>The best of the lane's experts that are left.</summary>
    private readonly Candidate BestOfLane(int lane)
    {
        var best = Candidate.None;
        for (var expert = lane; expert < Experts; expert += 32)
        {
            best = best.Or(new() { Value = Shared[Experts + expert], Index = expert });
        }

        return best;
    }

    /// <summary>Copies eight numbers of the lane to shared memory, from an offset on.</summary>
    private readonly void Fetch<TRow>(int first, long row, int offset)
        where TRow : struct, INumberRow
    {
        var last = Experts - 1;
        var a = TRow.Load(row, Math.Min(first, last));
        var b = TRow.Load(row, Math.Min(first + 32, last));
        var c = TRow.Load(row, Math.Min(first + 64, last));
        var d = TRow.Load(row, Math.Min(first + 96, last));
        var e = TRow.Load(row, Math.Min(first + 128, last));
        var f = TRow.Load(row, Math.Min(first + 160, last));
        var g = TRow.Load(row, Math.Min(first + 192, last));
        var h = TRow.Load(row, Math.Min(first + 224, last));
        Keep(first, offset, a);
        Keep(first + 32, offset, b);
        Keep(first + 64, offset, c);
        Keep(first + 96, offset, d);
        Keep(first + 128, offset, e);
        Keep(first + 160, offset, f);
        Keep(first + 192, offset, g);
        Keep(first + 224, offset, h);
    }

    private readonly void Keep(int expert, int offset, float value)
    {
        if (expert < Experts)
        {
            Shared[offset + expert] = value;
        }
    }

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
            score = Sigmoid(score);
        }

        var sum = WarpVotes.Sum(chosen ? score : 0f) + Rule.Epsilon;
        return (Rule.Renormalize != 0 ? score / sum : score) * Rule.Factor;
    }

    private static float Sigmoid(float x) => 1f / (1f + MathF.Exp(-x));
}
