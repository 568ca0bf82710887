namespace Moesaic.Eplb;

/// <summary>Orders the experts of each rank so that those that stay on it stay in their slot: nothing is copied for them.</summary>
internal static class SlotPreservation
{
    /// <summary>The map with each rank's experts in another order; <paramref name="old"/> may have other slots, of as many a rank.</summary>
    internal static SlotMap Preserve(SlotMap map, SlotMap old, int slotsPerRank)
    {
        var result = map.PhysicalToLogical.ToArray();
        for (var first = 0; first < Math.Min(map.NumSlots, old.NumSlots); first += slotsPerRank)
        {
            PreserveRank(result.AsSpan(first, slotsPerRank), old.PhysicalToLogical.Slice(first, slotsPerRank));
        }

        return new(result, map.NumExperts);
    }

    private static void PreserveRank(Span<int> slots, ReadOnlySpan<int> old)
    {
        var rest = new List<int>(slots.ToArray());
        var kept = new bool[slots.Length];
        for (var slot = 0; slot < slots.Length; slot++)
        {
            kept[slot] = rest.Remove(old[slot]);
        }

        var next = 0;
        for (var slot = 0; slot < slots.Length; slot++)
        {
            slots[slot] = kept[slot] ? old[slot] : rest[next++];
        }
    }
}
