using Moesaic.Eplb;
using static TorchSharp.torch;

namespace Moesaic.Tests.Eplb;

public sealed class LayerSlotsTests
{
    [Fact]
    public void AssignmentsGoToAReplicaOfTheirExpert_AndAreCounted()
    {
        using var scope = NewDisposeScope();
        var random = new Random(5);
        for (var round = 0; round < 50; round++)
        {
            var (experts, redundant, tokens, k) = (random.Next(1, 9), random.Next(0, 9), random.Next(0, 20), random.Next(1, 4));
            var map = TransferPlanTests.RandomMap(random, experts, experts + redundant);
            using var slots = new LayerSlots(map, CPU);
            using var counters = new LoadCounters([new(slots, 1, () => [])]);
            var ids = randint(0, experts, [tokens, k], dtype: int32);

            var physical = slots.ToPhysical(ids);

            Assert.Equal(int32, physical.dtype);
            Assert.Equal(ids.shape, physical.shape);
            Assert.Equal(Values(ids), Values(physical).Select(slot => map.PhysicalToLogical[slot]));
            Assert.Equal(Enumerable.Range(0, map.NumSlots).Select(slot => (long)Values(physical).Count(id => id == slot)), counters.Take());
        }
    }

    [Theory]
    [InlineData(1, 2)] // one token at a time, as in decoding: a fixed position would always meet the first replica
    [InlineData(64, 2)]
    [InlineData(7, 3)]
    public void ReplicasTakeTurns_ForAnExpertThatIsAlwaysChosenFirst(int tokens, int k)
    {
        using var scope = NewDisposeScope();
        using var slots = new LayerSlots(SlotMap.Initial(4, 1), CPU); // expert 0 in slots 0 and 4
        var ids = arange(k, dtype: int32).expand(tokens, k).contiguous();
        var used = new int[5];
        for (var pass = 0; pass < 64; pass++)
        {
            foreach (var slot in slots.ToPhysical(ids).data<int>().ToArray())
            {
                used[slot]++;
            }
        }

        Assert.Equal(used[0] + used[4], 64 * tokens);
        Assert.InRange(used[0] - used[4], -64, 64);
    }

    [Fact]
    public void LoadIsTakenOnce()
    {
        using var scope = NewDisposeScope();
        using var first = new LayerSlots(SlotMap.Initial(4, 0), CPU);
        using var second = new LayerSlots(SlotMap.Initial(1, 0), CPU);
        using var counters = new LoadCounters([new(first, 1, () => []), new(second, 1, () => [])]);
        first.ToPhysical(tensor(new[] { 0, 1, 2, 2 }, [4, 1], dtype: int32)).Dispose();
        second.ToPhysical(zeros(3, 1, dtype: int32)).Dispose();

        Assert.Equal([1, 1, 2, 0, 3], counters.Take());
        Assert.Equal([0, 0, 0, 0, 0], counters.Take());
    }

    [Fact]
    public void Window_HoldsTheLatestSteps()
    {
        var window = new LoadWindow(2, 1);
        foreach (var load in new long[] { 1, 10, 100 })
        {
            window.Add([load]);
        }

        Assert.Equal(110, window.Sum[0]);
        Assert.Equal(2, window.Count);
    }

    private static int[] Values(Tensor ids) => ids.numel() == 0 ? [] : ids.data<int>().ToArray();
}
