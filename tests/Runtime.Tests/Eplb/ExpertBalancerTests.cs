using System.Diagnostics;
using Moesaic.Communication;
using Moesaic.Eplb;
using static TorchSharp.torch;

namespace Moesaic.Tests.Eplb;

public sealed class ExpertBalancerTests
{
    public static TheoryData<int, int> Sizes => new() { { 1, 1 }, { 2, 2 }, { 4, 3 }, { 4, 11 } };

    /// <summary>After every step, between the moves of two layers too, each slot holds the expert that the map says.</summary>
    [Theory]
    [MemberData(nameof(Sizes))]
    public void EverySlotIsItsExpert_WhateverTheRouting(int size, int seed)
    {
        ThreadWorld.Run(size, ranks =>
        {
            var random = new Random(seed); // The same on every rank.
            var sameTokens = seed % 2 == 1;
            var tokens = sameTokens ? random : new Random(seed + ranks.Rank);
            var experts = random.Next(1, 10);
            var slots = (((experts + size - 1) / size) + random.Next(0, 3)) * size;
            var layers = Enumerable.Range(0, 3).Select(i => new TestLayer(i, experts, slots, ranks)).ToList();
            var options = new EplbOptions { Interval = 5, Window = 4, LogInterval = 3, LayersPerStep = random.Next(1, 3) };
            using var balancer = new ExpertBalancer([.. layers.Select(layer => layer.Layer)], options, ranks, countsOwnSlots: sameTokens);
            for (var step = 0; step < 40; step++)
            {
                foreach (var layer in layers)
                {
                    Route(layer.Slots, tokens, experts, tokens.Next(0, 30));
                }

                balancer.Step(isDummy: step % 7 == 3);
                layers.ForEach(layer => layer.Check(ranks.Rank));
            }

            Assert.Equal(8, balancer.Rebalances);
            layers.ForEach(layer => layer.Dispose());
        });
    }

    [Fact]
    public void FirstRebalance_ComesAfterAQuarter_AndDummyStepsCount()
    {
        ThreadWorld.Run(2, ranks =>
        {
            using var layer = new TestLayer(0, 4, 6, ranks);
            using var balancer = new ExpertBalancer([layer.Layer], new() { Interval = 8, Window = 8 }, ranks, countsOwnSlots: true);

            balancer.Step(isDummy: true);
            Assert.Equal(0, balancer.Rebalances);
            balancer.Step(isDummy: true);
            Assert.Equal(1, balancer.Rebalances);
            Assert.True(layer.Slots.Map.Holds(SlotMap.Initial(4, 2).PhysicalToLogical), "nothing was recorded, and something was moved");
            for (var step = 0; step < 8; step++)
            {
                balancer.Step();
            }

            Assert.Equal(2, balancer.Rebalances);
        });
    }

    [Fact]
    public void DummyTokens_AreNotRecorded()
    {
        ThreadWorld.Run(2, ranks =>
        {
            using var layer = new TestLayer(0, 4, 6, ranks);
            using var balancer = new ExpertBalancer([layer.Layer], new() { Interval = 100, Window = 100 }, ranks, countsOwnSlots: true);
            using var ids = tensor(new[] { 3, 3, 3, 3 }, [4, 1], dtype: int32);
            layer.Slots.ToPhysical(ids).Dispose();
            balancer.Step(isDummy: true);

            balancer.Rebalance();

            Assert.Equal(0, balancer.PendingLayers);
        });
    }

    [Fact]
    public void LayersAreMovedOneAfterTheOther_AndMapsCommittedWithThem()
    {
        ThreadWorld.Run(2, ranks =>
        {
            var layers = Enumerable.Range(0, 3).Select(i => new TestLayer(i, 4, 6, ranks)).ToList();
            using var balancer = new ExpertBalancer([.. layers.Select(layer => layer.Layer)], new() { Interval = 100, Window = 100 }, ranks, countsOwnSlots: true);
            using var ids = tensor(new[] { 3, 3, 3, 3 }, [4, 1], dtype: int32);
            layers.ForEach(layer => layer.Slots.ToPhysical(ids).Dispose());
            balancer.Step();

            balancer.Rebalance();

            for (var moved = 0; moved <= 3; moved++)
            {
                Assert.Equal(3 - moved, balancer.PendingLayers);
                Assert.All(layers.Index(), item => Assert.Equal(item.Index < moved ? 3 : 1, item.Item.Slots.Map.ReplicaCount(3)));
                layers.ForEach(layer => layer.Check(ranks.Rank));
                balancer.Step();
            }

            layers.ForEach(layer => layer.Dispose());
        });
    }

    [Fact]
    public void RanksThatGo_LeaveTheirExperts_AndGetThemWhenTheyComeBack()
    {
        ThreadWorld.Run(4, ranks =>
        {
            using var layer = new TestLayer(0, 4, 8, ranks);
            using var balancer = new ExpertBalancer([layer.Layer], new() { Interval = 100, Window = 100 }, ranks, countsOwnSlots: true);

            balancer.Resize(ranks: 2);
            Assert.Equal(Enumerable.Repeat(SlotMap.Empty, 4), layer.Slots.Map.PhysicalToLogical[4..].ToArray());
            layer.Check(ranks.Rank);
            using var ids = tensor(new[] { 0, 1, 2, 3, 3, 3 }, [6, 1], dtype: int32);
            layer.Slots.ToPhysical(ids).Dispose();
            balancer.Step();

            balancer.Resize(ranks: 4);
            Assert.DoesNotContain(SlotMap.Empty, layer.Slots.Map.PhysicalToLogical.ToArray());
            Assert.Equal(3, layer.Slots.Map.ReplicaCount(3));
            layer.Check(ranks.Rank);

            Assert.Throws<EplbException>(() => balancer.Resize(ranks: 5));
            Assert.Throws<EplbException>(() => balancer.Resize(ranks: 0));
            Assert.Throws<EplbException>(() => balancer.Resize(ranks: 1));
        });
    }

    [Fact]
    public void Rank0_LogsBalancedness()
    {
        var lines = new StringWriter();
        using var listener = new TextWriterTraceListener(lines);
        EplbTrace.Source.Listeners.Add(listener);
        EplbTrace.Source.Switch.Level = SourceLevels.Information;
        try
        {
            ThreadWorld.Run(2, ranks =>
            {
                using var layer = new TestLayer(0, 4, 6, ranks);
                using var balancer = new ExpertBalancer([layer.Layer], new() { Interval = 4, Window = 4, LogInterval = 1 }, ranks, countsOwnSlots: true);
                using var ids = tensor(new[] { 2, 2, 2, 3 }, [4, 1], dtype: int32);
                layer.Slots.ToPhysical(ids).Dispose();
                balancer.Step();
            });
        }
        finally
        {
            EplbTrace.Source.Switch.Level = SourceLevels.Off;
            EplbTrace.Source.Listeners.Remove(listener);
        }

        // Slots 0 1 2 | 3 0 1: rank 0 has expert 2. Then 3 tokens for three replicas of it, and one for expert 3.
        Assert.Contains("step 1: avg_tokens=2.0 max_tokens=3.0 balancedness=0.667", lines.ToString(), StringComparison.Ordinal);
        Assert.Contains("rebalance: balancedness 0.667 -> 1.000, 1 of 1 layers to move", lines.ToString(), StringComparison.Ordinal);
    }

    /// <summary>Ranks with tokens of their own count those, wherever they go; ranks with the same tokens count what they compute. Both are each once.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void EachAssignmentCountsOnce(bool sameTokens)
    {
        ThreadWorld.Run(2, ranks =>
        {
            using var layer = new TestLayer(0, 4, 6, ranks);
            using var balancer = new ExpertBalancer([layer.Layer], new() { Interval = 100, Window = 100 }, ranks, sameTokens);
            // Alike, expert 3 has 3 tokens and two slots more. Apart, expert 0 has 5 in all and takes one of them.
            var ids = sameTokens || ranks.Rank == 0 ? new[] { 3, 3, 3, 0, 1, 2 } : [0, 0, 0, 0];
            using var topKIds = tensor(ids, [ids.Length, 1], dtype: int32);
            layer.Slots.ToPhysical(topKIds).Dispose();
            balancer.Step();

            balancer.Rebalance();
            balancer.Step();

            Assert.Equal(sameTokens ? [1, 1, 1, 3] : [2, 1, 1, 2], Enumerable.Range(0, 4).Select(layer.Slots.Map.ReplicaCount));
        });
    }

    [Theory]
    [InlineData(0, 10, 11, "at most the 10 of the interval, found 11")]
    [InlineData(-1, 10, 10, "--redundant-experts")]
    [InlineData(0, -1, 10, "--eplb-interval")]
    [InlineData(0, 10, 0, "--eplb-window")]
    public void OptionsThatContradictThemselves_AreRefused(int redundant, int interval, int window, string says)
    {
        var options = new EplbOptions { RedundantExperts = redundant, Interval = interval, Window = window };

        Assert.Contains(says, Assert.Throws<EplbException>(options.Check).Message, StringComparison.Ordinal);
    }

    private static void Route(LayerSlots slots, Random random, int experts, int tokens)
    {
        using var ids = tensor([.. Enumerable.Range(0, tokens * 2).Select(_ => random.Next(experts) * random.Next(2))], [tokens, 2], dtype: int32);
        slots.ToPhysical(ids).Dispose();
    }
}
