using Moesaic.Eplb;

namespace Moesaic.Tests.Eplb;

public sealed class ExpertMapTests
{
    [Theory]
    [InlineData(PlacementStrategy.Linear, 0, 3, new[] { 0, 1, 2, -1, -1, -1, -1, -1 })]
    [InlineData(PlacementStrategy.Linear, 1, 3, new[] { -1, -1, -1, 0, 1, 2, -1, -1 })]
    [InlineData(PlacementStrategy.Linear, 2, 2, new[] { -1, -1, -1, -1, -1, -1, 0, 1 })]
    [InlineData(PlacementStrategy.RoundRobin, 0, 3, new[] { 0, -1, -1, 1, -1, -1, 2, -1 })]
    [InlineData(PlacementStrategy.RoundRobin, 1, 3, new[] { -1, 0, -1, -1, 1, -1, -1, 2 })]
    [InlineData(PlacementStrategy.RoundRobin, 2, 2, new[] { -1, -1, 0, -1, -1, 1, -1, -1 })]
    public void EightExpertsOnThreeRanks(PlacementStrategy strategy, int rank, int count, int[] localIds)
    {
        var map = ExpertMap.Of(8, 3, rank, strategy);

        Assert.Equal(count, map.LocalCount);
        Assert.Equal(localIds, map.LocalIds.ToArray());
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(3, 5)]
    [InlineData(64, 8)]
    [InlineData(61, 8)]
    public void EveryExpert_IsOnOneRank(int experts, int ranks)
    {
        foreach (var strategy in Enum.GetValues<PlacementStrategy>())
        {
            var maps = Enumerable.Range(0, ranks).Select(rank => ExpertMap.Of(experts, ranks, rank, strategy)).ToArray();

            for (var expert = 0; expert < experts; expert++)
            {
                Assert.Single(maps, map => map.LocalIds[expert] >= 0);
            }

            Assert.All(maps, map => Assert.Equal(Enumerable.Range(0, map.LocalCount), map.LocalIds.ToArray().Where(id => id >= 0)));
        }
    }

    [Theory]
    [InlineData(0, 1, 0)]
    [InlineData(8, 0, 0)]
    [InlineData(8, 2, 2)]
    [InlineData(8, 2, -1)]
    public void NoSuchRank_IsRefused(int experts, int ranks, int rank) =>
        Assert.Throws<EplbException>(() => ExpertMap.Of(experts, ranks, rank));
}
