using Moesaic.Communication;
using Moesaic.Eplb;
using static Moesaic.Tests.Communication.ParallelExpertsTests;
using static TorchSharp.torch;

namespace Moesaic.Tests.Eplb;

/// <summary>Routed experts that are dealt anew between passes: whatever the cut, the routes and the maps, sums are those of the block on one rank.</summary>
public sealed class BalancedBlockTests
{
    [Theory]
    [InlineData(1, 2, 1, ExpertDispatch.Auto)]
    [InlineData(1, 4, 1, ExpertDispatch.Auto)]
    [InlineData(1, 2, 2, ExpertDispatch.Auto)]
    [InlineData(2, 1, 1, ExpertDispatch.Auto)]
    [InlineData(2, 2, 1, ExpertDispatch.AllGather)]
    [InlineData(1, 3, 1, ExpertDispatch.AllToAll)]
    [InlineData(2, 2, 1, ExpertDispatch.AllToAll)]
    [InlineData(2, 1, 2, ExpertDispatch.AllToAll)]
    public void AnyRebalance_KeepsSlotsAndSums(int data, int expert, int tensor, ExpertDispatch dispatch)
    {
        for (var seed = 0; seed < 5; seed++)
        {
            Check(new() { Data = data, Expert = expert, Tensor = tensor, Dispatch = dispatch }, (seed * 1000) + (data * 100) + (expert * 10) + tensor);
        }
    }

    private static void Check(ParallelLayout layout, int seed)
    {
        var random = new Random(seed);
        var (groups, width, bias) = (random.Next(1, 3), layout.Tensor * random.Next(1, 4), random.Next(2) == 0);
        var experts = groups * random.Next(1, 5);
        var perRank = ((experts + layout.ExpertRanks - 1) / layout.ExpertRanks) + random.Next(0, 3);
        var k = random.Next(1, Math.Min(experts, 3) + 1);
        var options = new EplbOptions
        {
            RedundantExperts = (perRank * layout.ExpertRanks) - experts,
            Interval = random.Next(1, 4),
            Window = 1,
            LogInterval = random.Next(0, 3),
        };
        using var whole = Experts(new(seed), experts, width, bias);
        ThreadWorld.Run(layout.World, world =>
        {
            using var scope = NewDisposeScope();
            using var context = new ParallelContext(world, layout);
            using var part = PartOf(whole, context, ExpertPlacement.WithRedundant(experts, options.RedundantExperts, layout.ExpertRanks), experts, width, bias);
            using var balancer = new ExpertBalancer(
                [new(part.Ranks!.Slots(CPU), groups, () => part.SlotTensors, part.HoldExperts)], options, context.Experts, !context.UsesAllToAll);
            var alike = new Random(seed);
            for (var pass = 0; pass < 12; pass++)
            {
                var own = new Random((seed * 100) + (context.DataRank * 31) + pass); // Ranks with the same tokens draw the same.
                var count = own.Next(4) == 0 ? 0 : own.Next(1, 12);
                var x = tensor([.. Enumerable.Range(0, count * D).Select(_ => (float)own.NextDouble() - 0.5f)], [count, D]);
                var weights = tensor([.. Enumerable.Range(0, count * k).Select(_ => (float)own.NextDouble())], [count, k]);
                var favourites = own.Next(k, experts + 1); // Some experts get no token.
                var ids = tensor([.. Enumerable.Range(0, count).SelectMany(_ => Distinct(own, favourites, k))], [count, k], dtype: int32);

                Near(whole.Forward(x, ids, weights), part.Forward(x, ids, weights));

                balancer.Step(isDummy: alike.Next(6) == 0);
                if (alike.Next(4) == 0)
                {
                    var least = (experts + perRank - 1) / perRank;
                    balancer.Resize(alike.Next(least, layout.ExpertRanks + 1));
                }

                CheckSlots(part, whole);
            }
        });
    }

    private static void CheckSlots(FusedExperts part, FusedExperts whole)
    {
        var (first, count) = part.Ranks!.Own;
        for (var slot = 0; slot < count; slot++)
        {
            if (part.Ranks.Map.PhysicalToLogical[first + slot] is not SlotMap.Empty and var expert)
            {
                foreach (var (mine, all) in part.Parameters.Zip(whole.Parameters))
                {
                    using var scope = NewDisposeScope();
                    var expected = (mine.Cut! with { Experts = null }).Of(all.Value)[expert];
                    Assert.True(expected.equal(mine.Value[slot]).all().item<bool>(), $"{mine.Name}: slot {first + slot} is not expert {expert}");
                }
            }
        }
    }
}
