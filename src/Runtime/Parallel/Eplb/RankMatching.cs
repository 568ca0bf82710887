namespace Moesaic.Eplb;

/// <summary>Gives the packs of a policy to the ranks that have most of them already: ranks are alike, so the balance stays and less is sent.</summary>
internal static class RankMatching
{
    /// <summary>The map with machines, and the ranks of each, in another order; the one of both that needs fewer messages.</summary>
    internal static SlotMap Match(SlotMap map, SlotMap old, ExpertTopology topology)
    {
        var slots = map.PhysicalToLogical.ToArray();
        var had = old.PaddedTo(Math.Max(old.NumSlots, map.NumSlots)).PhysicalToLogical;
        var node = slots.Length / topology.NumNodes;
        Order(slots, had[..slots.Length], node);
        for (var first = 0; first < slots.Length; first += node)
        {
            Order(slots.AsSpan(first, node), had.Slice(first, node), topology.SlotsPerRank);
        }

        var matched = new SlotMap(slots, map.NumExperts);
        return Messages(matched) < Messages(map) ? matched : map;

        int Messages(SlotMap candidate) => TransferPlan.Between(old, candidate, topology.SlotsPerRank).Transfers.Count;
    }

    /// <summary>Puts blocks of slots where most of their experts are, those with most in common first.</summary>
    private static void Order(Span<int> slots, ReadOnlySpan<int> had, int blockSize)
    {
        var blocks = slots.Length / blockSize;
        var pairs = new List<(int Block, int Place, int Common)>();
        for (var block = 0; block < blocks; block++)
        {
            var experts = new HashSet<int>(slots.Slice(block * blockSize, blockSize).ToArray());
            for (var place = 0; place < blocks; place++)
            {
                pairs.Add((block, place, experts.Intersect(had.Slice(place * blockSize, blockSize).ToArray()).Count()));
            }
        }

        var placeOf = new Dictionary<int, int>();
        var taken = new HashSet<int>();
        foreach (var (block, place, _) in pairs.OrderByDescending(static pair => pair.Common).ThenBy(static pair => pair.Block != pair.Place))
        {
            if (!placeOf.ContainsKey(block) && taken.Add(place))
            {
                placeOf.Add(block, place);
            }
        }

        var source = slots.ToArray();
        foreach (var (block, place) in placeOf)
        {
            source.AsSpan(block * blockSize, blockSize).CopyTo(slots[(place * blockSize)..]);
        }
    }
}
