using Moesaic.Eplb;

namespace Moesaic.Tests.Eplb;

public sealed class TransferPlanTests
{
    [Theory]
    [InlineData(new[] { 0, 1, 2, 3, 0, 1, 4, 5 }, new[] { 0, 5, 0, 2, 4, 0, 0, 0 }, "0,0,0,1 0,2,0,3 4,3,0,2 5,3,1,0")]
    [InlineData(new[] { 0, 1, 2, 0, 3, 1, 4, 5 }, new[] { 2, 0, 0, 2, 1, 5, 3, 4 }, "2,1,0,0 3,2,0,3 5,3,1,2")]
    [InlineData(new[] { 0, 1, 0, 2, 3, 4, 5, 3, 1, 2 }, new[] { 0, 1, 2, 3, 0, 4, 5, 0, 0, 1 }, "0,0,0,2 0,0,0,4 0,1,0,3 3,2,0,1")]
    public void SendersShareTheReceivers(int[] old, int[] @new, string expected)
    {
        // The vectors leave experts out, which maps of our own never do: holders of their own are added, which stay as they are.
        var (before, after) = (Complete(old, @new), Complete(@new, old));

        Assert.Equal(expected, Text(TransferPlan.Between(before, after, 2).Transfers));
    }

    [Fact]
    public void UnchangedMap_NeedsNothing()
    {
        var plan = TransferPlan.Between(SlotMap.Initial(6, 2), SlotMap.Initial(6, 2), 2);

        Assert.True(plan.IsEmpty);
        Assert.Empty(plan.Transfers);
    }

    [Fact]
    public void ExpertThatMovesWithinARank_IsNotSent()
    {
        var plan = TransferPlan.Between(new([0, 1, 2, 3], 4), new([1, 0, 2, 3], 4), 2);

        Assert.Empty(plan.Transfers);
        Assert.Equal([(0, 1, 1), (1, 0, (int?)0)], plan.Changes(0).Select(change => (change.Slot, change.Expert, change.Source)));
        Assert.Empty(plan.Changes(1));
    }

    [Fact]
    public void NewRanks_AreFilled_AndRanksThatGo_GiveTheirExperts()
    {
        var four = new SlotMap([0, 1, 2, 3], 4);
        var six = new SlotMap([0, 1, 2, 3, 3, 0], 4);

        Assert.Equal("0,0,0,2 3,1,1,2", Text(TransferPlan.Between(four, six, 2).Transfers));
        Assert.Equal("3,2,0,1", Text(TransferPlan.Between(new([0, 1, 2, 0, 3, 1], 4), new([0, 1, 2, 3], 4), 2).Transfers));
    }

    /// <summary>What a rank has after it, without tensors: each slot is a number.</summary>
    [Fact]
    public void AnyTwoMaps_AreJoinedByTheFewestMessages()
    {
        var random = new Random(3);
        for (var round = 0; round < 500; round++)
        {
            var (ranks, perRank) = (random.Next(1, 6), random.Next(1, 5));
            var experts = random.Next(1, (ranks * perRank) + 1);
            var (old, @new) = (RandomMap(random, experts, ranks * perRank), RandomMap(random, experts, ranks * perRank));

            var plan = TransferPlan.Between(old, @new, perRank);

            for (var rank = 0; rank < ranks; rank++)
            {
                var had = old.PhysicalToLogical.Slice(rank * perRank, perRank).ToArray();
                var wanted = @new.PhysicalToLogical.Slice(rank * perRank, perRank).ToArray();
                Assert.Equal(wanted.Except(had).Order(), plan.Receives(rank).Select(transfer => transfer.Expert));
                Assert.All(plan.Sends(rank), transfer => Assert.Equal(transfer.Expert, had[transfer.SenderSlot]));
                int[] has = [.. had];
                foreach (var (slot, expert, source) in plan.Changes(rank))
                {
                    has[slot] = source is { } from ? had[from] : plan.Receives(rank).Single(transfer => transfer.Expert == expert).Expert;
                }

                Assert.Equal(wanted, has);
            }

            foreach (var shares in plan.Transfers.GroupBy(transfer => transfer.Expert))
            {
                var senders = old.Replicas(shares.Key).ToArray().Select(slot => slot / perRank).Distinct().Count();
                Assert.True(shares.GroupBy(transfer => transfer.Sender).Max(sent => sent.Count()) <= (shares.Count() + senders - 1) / senders, "a sender bears too much");
            }
        }
    }

    [Theory]
    [InlineData(3, 2)]
    [InlineData(4, 0)]
    public void MapsOfOtherRanks_AreRefused(int slots, int perRank) =>
        Assert.Throws<EplbException>(() => TransferPlan.Between(SlotMap.Initial(2, slots - 2), SlotMap.Initial(2, slots - 2), perRank));

    internal static SlotMap RandomMap(Random random, int experts, int slots)
    {
        int[] map = [.. Enumerable.Range(0, experts), .. Enumerable.Range(0, slots - experts).Select(_ => random.Next(experts))];
        random.Shuffle(map);
        return new(map, experts);
    }

    private static SlotMap Complete(int[] map, int[] other)
    {
        var experts = map.Concat(other).Max() + 1;
        var missing = Enumerable.Range(0, experts).Where(expert => !map.Contains(expert) || !other.Contains(expert)).ToArray();
        return new([.. map, .. missing, .. Enumerable.Repeat(SlotMap.Empty, missing.Length % 2)], experts);
    }

    private static string Text(IEnumerable<ExpertTransfer> transfers) =>
        string.Join(' ', transfers.Select(transfer => $"{transfer.Expert},{transfer.Sender},{transfer.SenderSlot},{transfer.Receiver}"));
}
