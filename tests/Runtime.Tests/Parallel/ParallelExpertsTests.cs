using Moesaic.Communication;
using Moesaic.Eplb;
using static TorchSharp.torch;

namespace Moesaic.Tests.Communication;

/// <summary>Routed experts over ranks that are threads: whatever the sizes, the placement and the routes, sums are those of the block on one rank.</summary>
public sealed class ParallelExpertsTests
{
    // E experts, K a token, D hidden, F wide
    internal const int D = 8;

    [Theory]
    [InlineData(1, 4, 1, ExpertDispatch.Auto)]
    [InlineData(1, 1, 2, ExpertDispatch.Auto)]
    [InlineData(1, 2, 2, ExpertDispatch.Auto)]
    [InlineData(2, 1, 1, ExpertDispatch.Auto)]
    [InlineData(2, 2, 1, ExpertDispatch.Auto)]
    [InlineData(2, 1, 2, ExpertDispatch.AllGather)]
    [InlineData(2, 2, 2, ExpertDispatch.AllGather)]
    [InlineData(1, 3, 1, ExpertDispatch.AllToAll)]
    [InlineData(3, 1, 1, ExpertDispatch.AllToAll)]
    [InlineData(2, 2, 1, ExpertDispatch.AllToAll)]
    [InlineData(2, 2, 2, ExpertDispatch.AllToAll)]
    public void AnyPlacementAndRouting_SumsAreTheWholeBlocks(int data, int expert, int tensor, ExpertDispatch dispatch)
    {
        for (var seed = 0; seed < 8; seed++)
        {
            Check(new() { Data = data, Expert = expert, Tensor = tensor, Dispatch = dispatch }, new Random((seed * 1000) + (data * 100) + (expert * 10) + tensor));
        }
    }

    [Fact]
    public void Padding_ReachesNoExpertAndStaysZero()
    {
        ThreadWorld.Run(2, world =>
        {
            using var scope = NewDisposeScope();
            using var context = new ParallelContext(world, new() { Expert = 2 });
            using var whole = Experts(new(7), 4, 6, bias: false);
            using var part = PartOf(whole, context, ExpertPlacement.Of(4, 2, PlacementStrategy.Linear), 4, 6, bias: false);
            var (x, ids, weights) = (randn(3, D), tensor([0, 3, 1, 2, 2, 0], [3, 2], dtype: int32), ones(3, 2));
            world.Broadcast(x, 0);
            context.RealTokens = tensor(new[] { true, false, true });

            var sums = part.Forward(x, ids, weights);

            Near(whole.Forward(x, ids, weights) * tensor(new[] { 1f, 0, 1 }).unsqueeze(1), sums);
        });
    }

    /// <summary>Whether tokens travel is what the layout says, and not concluded from a number of rows: two ranks with as many, each other's experts.</summary>
    [Theory]
    [InlineData(ExpertDispatch.AllGather, PlacementStrategy.Linear)]
    [InlineData(ExpertDispatch.AllGather, PlacementStrategy.RoundRobin)]
    [InlineData(ExpertDispatch.AllToAll, PlacementStrategy.Linear)]
    [InlineData(ExpertDispatch.AllToAll, PlacementStrategy.RoundRobin)]
    public void EqualCountsOnEachRank_TravelAllTheSame(ExpertDispatch dispatch, PlacementStrategy placement)
    {
        using var whole = Experts(new(7), 4, 6, bias: false);
        ThreadWorld.Run(2, world =>
        {
            using var scope = NewDisposeScope();
            using var context = new ParallelContext(world, new() { Data = 2, Dispatch = dispatch });
            using var part = PartOf(whole, context, ExpertPlacement.Of(4, 2, placement), 4, 6, bias: false);
            int[] ids = world.Rank == 0 ? [3, 2, 3, 2, 1, 3] : [0, 1, 1, 0, 2, 0];
            var (x, chosen, weights) = (full([3, D], world.Rank + 0.5f), tensor(ids, [3, 2], dtype: int32), full([3, 2], 1f / (world.Rank + 1)));

            Near(whole.Forward(x, chosen, weights), part.Forward(x, chosen, weights));
        });
    }

    /// <summary>Who has an expert is stated once, by the placement that also cut the tensors; a map of one's own would name other experts.</summary>
    [Fact]
    public void Placement_IsTheOneThatCutTheTensors()
    {
        using var whole = Experts(new(7), 4, 6, bias: false);
        ThreadWorld.Run(2, world =>
        {
            using var scope = NewDisposeScope();
            using var context = new ParallelContext(world, new() { Expert = 2 });
            using var part = PartOf(whole, context, ExpertPlacement.Of(4, 2, PlacementStrategy.RoundRobin), 4, 6, bias: false);

            int[] experts = world.Rank == 0 ? [0, 2] : [1, 3];
            Near(whole.W2.index_select(0, tensor(experts, dtype: int64)), part.W2);
            Assert.Equal(experts, part.Parameters[0].Cut!.Experts);
            var (x, ids) = (full([1, D], 0.5f), tensor([0, 3], [1, 2], dtype: int32));
            Near(whole.Forward(x, ids, ones(1, 2)), part.Forward(x, ids, ones(1, 2)));
        });
    }

    [Fact]
    public void Counters_CountTheOneReduction()
    {
        ThreadWorld.Run(4, world =>
        {
            using var scope = NewDisposeScope();
            using var context = new ParallelContext(world, new() { Expert = 2, Tensor = 2 });
            using var whole = Experts(new(7), 4, 6, bias: false);
            using var part = PartOf(whole, context, ExpertPlacement.Of(4, 2, PlacementStrategy.Linear), 4, 6, bias: false);

            part.Forward(ones(3, D), tensor([0, 3, 1, 2, 2, 0], [3, 2], dtype: int32), ones(3, 2));

            Assert.Equal(1, context.Block.Counters.Calls(CollectiveKind.AllReduce));
            Assert.Equal(0, context.Tensor.Counters.Calls(CollectiveKind.AllReduce) + context.Experts.Counters.Calls(CollectiveKind.AllToAll));
        });
    }

    [Fact]
    public void SharesOverDifferentRanks_AreNotAdded()
    {
        ThreadWorld.Run(2, world =>
        {
            using var half = world.Split(world.Rank, "half");
            using var value = ones(2);

            Assert.Throws<InvalidOperationException>(() => new Partial(value, world) + new Partial(value, half));
            Assert.Throws<InvalidOperationException>(() => new Partial(null, world).Reduce());
        });
    }

    private static void Check(ParallelLayout options, Random random)
    {
        var (experts, width, bias) = (random.Next(1, 10), options.Tensor * random.Next(1, 4), random.Next(2) == 0);
        var k = random.Next(1, Math.Min(experts, 3) + 1);
        var placement = AnyPlacement(experts, options.ExpertRanks, random);
        int[] tokens = [.. Enumerable.Range(0, options.Data).Select(_ => random.Next(4) == 0 ? 0 : random.Next(1, 12))]; // Some data ranks have none.
        int[] idle = [.. tokens.Select(count => count > 0 && options.Data > 1 && random.Next(5) == 0 ? 1 : 0)];
        var onInputs = random.Next(4) == 0;
        var seed = random.Next();
        var whole = Experts(new(seed), experts, width, bias);
        ThreadWorld.Run(options.World, world =>
        {
            using var scope = NewDisposeScope();
            using var context = new ParallelContext(world, options);
            using var part = PartOf(whole, context, placement, experts, width, bias);
            for (var pass = 0; pass < 3; pass++)
            {
                var own = new Random(seed + (context.DataRank * 31) + pass); // Ranks with the same tokens draw the same.
                var count = tokens[context.DataRank];
                var x = tensor([.. Enumerable.Range(0, count * D).Select(_ => (float)own.NextDouble() - 0.5f)], [count, D]);
                var weights = tensor([.. Enumerable.Range(0, count * k).Select(_ => (float)own.NextDouble())], [count, k]);
                var ids = tensor([.. Enumerable.Range(0, count).SelectMany(_ => Distinct(own, experts, k))], [count, k], dtype: int32);
                context.IsIdle = idle[context.DataRank] == 1;

                var sums = onInputs ? part.ForwardWeightedInputs(x, ids, weights) : part.Forward(x, ids, weights);

                var expected = onInputs ? whole.ForwardWeightedInputs(x, ids, weights) : whole.Forward(x, ids, weights);
                Near(context.IsIdle ? zeros_like(expected) : expected, sums);
            }
        });
        whole.Dispose();
    }

    /// <summary>Each expert somewhere, some twice, in any order; a rank may have none.</summary>
    private static ExpertPlacement AnyPlacement(int experts, int ranks, Random random)
    {
        switch (random.Next(3))
        {
            case 0:
                return ExpertPlacement.Of(experts, ranks, PlacementStrategy.Linear);
            case 1:
                return ExpertPlacement.Of(experts, ranks, PlacementStrategy.RoundRobin);
            default:
                int[] slots = [.. Enumerable.Range(0, experts), .. Enumerable.Range(0, random.Next(experts + 1)).Select(_ => random.Next(experts))];
                random.Shuffle(slots);
                var counts = new int[ranks];
                foreach (var _ in slots)
                {
                    counts[random.Next(ranks)]++;
                }

                return ExpertPlacement.From(new(slots, experts), counts);
        }
    }

    internal static int[] Distinct(Random random, int experts, int k)
    {
        int[] all = [.. Enumerable.Range(0, experts)];
        random.Shuffle(all);
        return all[..k];
    }

    internal static FusedExperts<SwiGlu> Experts(Random random, int experts, int width, bool bias)
    {
        var whole = new FusedExperts<SwiGlu>(experts, D, width, bias: bias);
        RandomWeights.Fill(whole, random.Next(), float32, deviation: 0.5);
        return whole;
    }

    /// <summary>A rank's part of the experts, with the very numbers of the whole.</summary>
    internal static FusedExperts<SwiGlu> PartOf(FusedExperts<SwiGlu> whole, ParallelContext context, ExpertPlacement placement, int experts, int width, bool bias)
    {
        var part = new FusedExperts<SwiGlu>(experts, D, width, bias: bias);
        part.Parallelize(context, "experts", placement);
        foreach (var (mine, all) in part.Parameters.Zip(whole.Parameters))
        {
            part.Replace(mine, (mine.Cut is { } cut ? cut.Of(all.Value) : all.Value).clone().DetachFromDisposeScope());
        }

        return part;
    }

    internal static void Near(Tensor expected, Tensor actual)
    {
        Assert.Equal(expected.shape, actual.shape);
        Assert.True(expected.numel() == 0 || (expected - actual).abs().max().item<float>() < 1e-5);
    }
}
