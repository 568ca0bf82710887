using Moesaic.Eplb;

namespace Moesaic.Tests.Eplb;

public sealed class RebalancePolicyTests
{
    private static readonly double[][] Loads =
    [
        [90, 132, 40, 61, 104, 165, 39, 4, 73, 56, 183, 86],
        [20, 107, 104, 64, 19, 197, 187, 157, 172, 86, 16, 27],
    ];

    private static readonly ExpertTopology FourGroups = new(NumSlots: 16, NumGroups: 4, NumNodes: 2, NumRanks: 8);

    [Theory]
    [InlineData(0, new[] { 5, 6, 5, 7, 8, 4, 3, 4, 10, 9, 10, 2, 0, 1, 11, 1 })]
    [InlineData(1, new[] { 7, 10, 6, 8, 6, 11, 8, 9, 2, 4, 5, 1, 5, 0, 3, 1 })]
    public void Hierarchical(int layer, int[] expected)
    {
        Assert.True(FourGroups.IsHierarchical);
        Assert.Equal(expected, RebalancePolicy.Deal(Loads[layer], FourGroups).PhysicalToLogical.ToArray());
    }

    [Theory]
    [InlineData(0, new[] { 10, 6, 10, 7, 0, 2, 11, 4, 5, 9, 5, 4, 8, 3, 1, 1 })]
    [InlineData(1, new[] { 1, 10, 2, 4, 5, 11, 5, 0, 6, 7, 6, 3, 8, 8, 9, 7 })]
    public void Global_WhereMachinesDoNotDivideTheGroups(int layer, int[] expected)
    {
        var threeGroups = FourGroups with { NumGroups = 3 };

        Assert.False(threeGroups.IsHierarchical);
        Assert.Equal(expected, RebalancePolicy.Deal(Loads[layer], threeGroups).PhysicalToLogical.ToArray());
    }

    [Theory]
    [InlineData(0, "0:12 1:13,15 2:11 3:6 4:5,7 5:0,2 6:1 7:3 8:4 9:9 10:8,10 11:14")]
    [InlineData(1, "0:13 1:11,15 2:8 3:14 4:9 5:10,12 6:2,4 7:0 8:3,6 9:7 10:1 11:5")]
    public void LogicalToPhysical_IsInTheOrderOfSlots(int layer, string expected)
    {
        var map = RebalancePolicy.Deal(Loads[layer], FourGroups);

        Assert.Equal(expected, string.Join(' ', Enumerable.Range(0, 12).Select(expert => $"{expert}:{string.Join(',', map.Replicas(expert).ToArray())}")));
    }

    [Theory]
    [InlineData(0, 0.4800, 0.8277)]
    [InlineData(1, 0.4201, 0.8050)]
    public void Balancedness_IsMeanByMaximum(int layer, double before, double after)
    {
        double Measure(SlotMap map) => Balancedness.Of(Balancedness.PerRank(Loads[layer], map, 8));

        Assert.Equal(before, Measure(SlotMap.Initial(12, 4)), 4);
        Assert.Equal(after, Measure(RebalancePolicy.Deal(Loads[layer], FourGroups)), 4);
    }

    [Theory]
    [InlineData(0, new[] { 5, 6, 5, 7, 4, 8, 3, 4, 10, 9, 10, 2, 0, 1, 11, 1 })]
    [InlineData(1, new[] { 7, 10, 6, 8, 6, 11, 8, 9, 2, 4, 5, 1, 0, 5, 1, 3 })]
    public void ExpertsThatStayOnARank_KeepTheirSlot(int layer, int[] expected)
    {
        var kept = SlotPreservation.Preserve(RebalancePolicy.Deal(Loads[layer], FourGroups), SlotMap.Initial(12, 4), 2);

        Assert.Equal(expected, kept.PhysicalToLogical.ToArray());
    }

    [Fact]
    public void EqualLoads_GoToTheLowerNumber() =>
        Assert.Equal([0, 3, 1, 0, 2, 1], RebalancePolicy.Deal([4, 4, 2, 2], new(6, 1, 1, 3)).PhysicalToLogical.ToArray());

    [Fact]
    public void AnyLoad_MakesAMapThatHoldsEveryExpert()
    {
        var random = new Random(1);
        for (var round = 0; round < 500; round++)
        {
            var (nodes, perNode, groups) = (random.Next(1, 4), random.Next(1, 5), random.Next(1, 7));
            var ranks = nodes * perNode;
            var experts = groups * random.Next(1, 9);
            var slots = (((experts + ranks - 1) / ranks) + random.Next(0, 3)) * ranks;
            var topology = new ExpertTopology(slots, groups, nodes, ranks);
            var load = Enumerable.Range(0, experts).Select(_ => (double)(random.Next(4) == 0 ? 0 : random.Next(1000))).ToArray();

            var map = RebalancePolicy.Deal(load, topology);

            Assert.Equal(slots, map.NumSlots);
            Assert.Equal(slots, Enumerable.Range(0, experts).Sum(map.ReplicaCount));
            Assert.DoesNotContain(SlotMap.Empty, map.PhysicalToLogical.ToArray());
            Assert.All(Enumerable.Range(0, experts), expert => Assert.True(map.ReplicaCount(expert) >= 1));
            Assert.True(map.Holds(RebalancePolicy.Deal(load, topology).PhysicalToLogical), "the same load made another map");
            Assert.Equal(load.Sum(), Balancedness.PerRank(load, map, ranks).Sum(), 6);
        }
    }

    [Fact]
    public void GroupsStayOnOneMachine_WhereMachinesDivideThem()
    {
        var random = new Random(2);
        for (var round = 0; round < 100; round++)
        {
            var load = Enumerable.Range(0, 32).Select(_ => (double)random.Next(1000)).ToArray();

            var map = RebalancePolicy.Deal(load, new(NumSlots: 48, NumGroups: 8, NumNodes: 4, NumRanks: 8));

            for (var group = 0; group < 8; group++)
            {
                Assert.Single(Enumerable.Range(group * 4, 4).SelectMany(expert => map.Replicas(expert).ToArray()).Select(slot => slot / 12).Distinct());
            }
        }
    }

    [Fact]
    public void MapThatIsAsEven_Stays()
    {
        var old = new SlotMap([3, 1, 2, 0], 4);

        Assert.Same(old, RebalancePolicy.Next([5, 5, 5, 5], new(4, 1, 1, 2), old));
        Assert.Same(old, RebalancePolicy.Next([9, 1, 9, 1], new(4, 1, 1, 4), old));
        Assert.NotSame(old, RebalancePolicy.Next([9, 1, 9, 1], new(4, 1, 1, 2), old));
    }

    /// <summary>Ranks are alike: who gets which pack changes what is sent, not how even it is.</summary>
    [Fact]
    public void PacksGoToTheRanksThatHaveThem()
    {
        var random = new Random(4);
        var (plain, matched) = (0, 0);
        for (var round = 0; round < 100; round++)
        {
            var topology = new ExpertTopology(NumSlots: 24, NumGroups: random.Next(2) == 0 ? 4 : 1, NumNodes: 2, NumRanks: 8);
            var load = Enumerable.Range(0, 20).Select(_ => (double)random.Next(1000)).ToArray();
            var old = RebalancePolicy.Deal([.. load.Select(count => count + random.Next(50))], topology);

            var (dealt, next) = (RebalancePolicy.Deal(load, topology), RebalancePolicy.Next(load, topology, old));

            int Messages(SlotMap map) => TransferPlan.Between(old, map, 3).Transfers.Count;
            Assert.True(Messages(next) <= Messages(dealt), "more is sent than without");
            if (next != old)
            {
                Assert.Equal(Balancedness.PerRank(load, dealt, 8).Order(), Balancedness.PerRank(load, next, 8).Order());
            }

            (plain, matched) = (plain + Messages(dealt), matched + Messages(next));
        }

        Assert.True(matched < plain * 0.9, $"{matched} messages, {plain} without");
    }

    [Theory]
    [InlineData(17, 1, 1, 8, "--redundant-experts 4 or 12")]
    [InlineData(9, 1, 1, 2, "one or more for each of 12 experts")]
    [InlineData(16, 5, 1, 8, "a divisor of 12 experts")]
    [InlineData(16, 1, 3, 8, "a multiple of 3 machines")]
    [InlineData(16, 1, 0, 8, "1 or more each")]
    public void TopologyThatDoesNotFit_IsRefused(int slots, int groups, int nodes, int ranks, string says)
    {
        var problem = Assert.Throws<EplbException>(() => RebalancePolicy.Deal(new double[12], new(slots, groups, nodes, ranks)));

        Assert.Contains(says, problem.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void LoadThatIsNone_IsRefused(double load) => Assert.Throws<EplbException>(() => RebalancePolicy.Deal([1, load], new(2, 1, 1, 1)));
}
