using Moesaic.Eplb;

namespace Moesaic.Tests.Eplb;

public sealed class SlotMapTests
{
    [Fact]
    public void Initial_RepeatsTheFirstExperts() => Assert.Equal([0, 1, 2, 3, 0, 1], SlotMap.Initial(4, 2).PhysicalToLogical.ToArray());

    [Fact]
    public void Initial_WithMoreRedundantOnesThanExperts_GoesRound() =>
        Assert.Equal([0, 1, 0, 1, 0, 1, 0], SlotMap.Initial(2, 5).PhysicalToLogical.ToArray());

    [Fact]
    public void Replicas_AreInTheOrderOfSlots()
    {
        var map = new SlotMap([2, 0, SlotMap.Empty, 1, 0], 3);

        Assert.Equal([1, 4], map.Replicas(0).ToArray());
        Assert.Equal(1, map.ReplicaCount(2));
        Assert.Equal("2 0 - 1 0", map.ToString());
    }

    [Fact]
    public void ExpertWithoutASlot_IsRefused()
    {
        var problem = Assert.Throws<EplbException>(() => new SlotMap([0, 2, 2], 3));

        Assert.Equal("expert 1: expected a slot that holds it, found none of 3; give each expert one slot or more", problem.Message);
    }

    [Theory]
    [InlineData(3)]
    [InlineData(-2)]
    public void SlotOfNoExpert_IsRefused(int expert) => Assert.Throws<EplbException>(() => new SlotMap([0, 1, 2, expert], 3));

    [Theory]
    [InlineData(0, 1)]
    [InlineData(4, -1)]
    [InlineData(4, int.MaxValue)]
    public void InitialOfNothing_IsRefused(int experts, int redundant) => Assert.Throws<EplbException>(() => SlotMap.Initial(experts, redundant));

    [Fact]
    public void MoreRanks_KeepTheirSlots()
    {
        var more = PhysicalExperts.Of(6, 2, 4).With(12, 2);

        Assert.Equal((6, 12, 2, 6, 6), (more.NumLogical, more.NumPhysical, more.NumLocal, more.NumRedundant, more.NumRanks));
    }

    [Theory]
    [InlineData(12, 3)] // slots of a rank
    [InlineData(9, 2)] // half a rank
    [InlineData(4, 2)] // fewer slots than experts
    public void RanksThatCannotHoldTheExperts_AreRefused(int slots, int local) =>
        Assert.Throws<EplbException>(() => PhysicalExperts.Of(6, 2, 4).With(slots, local));
}
