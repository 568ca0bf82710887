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
        var (mineId, mine) = (0, 0f);
        for (var k = 0; k < Rule.TopK; k++)
        {
            var id = TakeBest(lane);
            if (lane == k)
            {
                mineId = id;
                mine = Scores(id);
            }
        }

        mine = Weigh(lane < Rule.TopK, mine);
        if (lane < Rule.TopK)
        {
            GlobalMemory.StoreInt(ids + (4L * lane), mineId);
            GlobalMemory.StoreFloat(weights + (4L * lane), mine);
        }

        // The next token of this warp uses the same row.
        Warp.Barrier();
    }

    private readonly float Scores(int expert) => Shared[expert];

    private readonly void Score(int lane, long logits, long bias)
    {
        var max = float.NegativeInfinity;
        for (var expert = lane; expert < Experts; expert += 32)
        {
            var score = Bounded(IsNarrow != 0 ? GlobalMemory.LoadBrainFloat(logits + (2L * expert)) : GlobalMemory.LoadFloat(logits + (4L * expert)));
            Shared[expert] = score;
            max = score > max ? score : max;
        }

        if (Rule.Scores == RoutingScores.Softmax)
        {
            max = WarpVotes.Max(max);
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

            Shared[Experts + expert] = bias == 0 ? score : score + GlobalMemory.LoadFloat(bias + (4L * expert));
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
            var winner = WarpVotes.Best(group).Index;
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

    /// <summary>The best expert that is left, which then is left no more: NaN loses every comparison.</summary>
    private readonly int TakeBest(int lane)
    {
        var candidate = Candidate.None;
        for (var expert = lane; expert < Experts; expert += 32)
        {
            candidate = candidate.Or(new() { Value = Shared[Experts + expert], Index = expert });
        }

        var id = WarpVotes.Best(candidate).Index;

        // Logits that are NaN leave nobody; an id outside would be worse than a wrong one.
        id = id < Experts ? id : 0;
        Warp.Barrier();
        if (lane == 0)
        {
            Shared[Experts + id] = float.NaN;
        }

        Warp.Barrier();
        return id;
    }

    private readonly float Weigh(bool chosen, float score)
    {
        if (Rule.ChosenScores == RoutingScores.Softmax)
        {
            var max = WarpVotes.Max(chosen ? score : float.NegativeInfinity);
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
