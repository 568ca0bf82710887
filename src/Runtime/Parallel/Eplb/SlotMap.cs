namespace Moesaic.Eplb;

/// <summary>Which logical expert each physical slot of one layer holds. Immutable; slots are numbered over all ranks, those of a rank together.</summary>
public sealed class SlotMap
{
    /// <summary>What an empty slot holds: one of a rank that has just come, or that is about to go.</summary>
    public const int Empty = -1;

    /// <summary>No deployment has more; a number beyond it is a slip.</summary>
    private const int MostReplicas = 1000;

    private readonly int[] _physicalToLogical;
    private readonly int[][] _logicalToPhysical;

    /// <param name="physicalToLogical">The expert of each slot, or <see cref="Empty"/>: [P].</param>
    /// <param name="numExperts">E.</param>
    /// <exception cref="EplbException">A slot holds no expert of the model, or an expert has no slot.</exception>
    public SlotMap(IEnumerable<int> physicalToLogical, int numExperts)
    {
        _physicalToLogical = [.. physicalToLogical];
        var slots = Enumerable.Range(0, Math.Max(numExperts, 0)).Select(static _ => new List<int>()).ToArray();
        for (var slot = 0; slot < _physicalToLogical.Length; slot++)
        {
            var expert = _physicalToLogical[slot];
            if (expert < Empty || expert >= numExperts)
            {
                throw EplbException.Of($"slot {slot}", $"an expert, 0 to {numExperts - 1}, or {Empty} for none", $"{expert}", "correct the map");
            }

            if (expert != Empty)
            {
                slots[expert].Add(slot);
            }
        }

        _logicalToPhysical = [.. slots.Select(static list => list.ToArray())];
        var lost = Array.FindIndex(_logicalToPhysical, static replicas => replicas.Length == 0);
        if (lost >= 0)
        {
            throw EplbException.Of($"expert {lost}", "a slot that holds it", $"none of {_physicalToLogical.Length}", "give each expert one slot or more");
        }
    }

    /// <summary>E, of the checkpoint.</summary>
    public int NumExperts => _logicalToPhysical.Length;

    /// <summary>P, over all ranks.</summary>
    public int NumSlots => _physicalToLogical.Length;

    /// <summary>The expert of each slot, <see cref="Empty"/> where there is none: [P].</summary>
    public ReadOnlySpan<int> PhysicalToLogical => _physicalToLogical;

    /// <summary>Each expert once, in order, then the first R again: what a checkpoint fills.</summary>
    /// <exception cref="EplbException">A number is negative or beyond reason, or there is no expert.</exception>
    public static SlotMap Initial(int numExperts, int redundant)
    {
        if (numExperts < 1 || redundant < 0 || redundant / MostReplicas > numExperts)
        {
            throw EplbException.Of(
                "redundant experts", $"0 or more, at most {MostReplicas} for each of one expert or more", $"{redundant} for {numExperts}", "correct --redundant-experts");
        }

        return new([.. Enumerable.Range(0, numExperts), .. Enumerable.Range(0, redundant).Select(i => i % numExperts)], numExperts);
    }

    /// <summary>The slots that hold an expert, ascending; its replicas.</summary>
    public ReadOnlySpan<int> Replicas(int expert) => _logicalToPhysical[expert];

    /// <summary>How many slots hold an expert.</summary>
    public int ReplicaCount(int expert) => _logicalToPhysical[expert].Length;

    /// <summary>The same slots, some more of them empty at the end.</summary>
    /// <exception cref="EplbException">That would be fewer slots.</exception>
    public SlotMap PaddedTo(int numSlots) => numSlots >= NumSlots
        ? new([.. _physicalToLogical, .. Enumerable.Repeat(Empty, numSlots - NumSlots)], NumExperts)
        : throw EplbException.Of("slots", $"{NumSlots} or more", $"{numSlots}", "a map is only made longer: fewer slots need a new policy");

    /// <summary>Whether the same slots hold the same experts.</summary>
    public bool Holds(ReadOnlySpan<int> physicalToLogical) => PhysicalToLogical.SequenceEqual(physicalToLogical);

    /// <summary>For people: <c>0 1 2 3 0 1</c>.</summary>
    public override string ToString() => string.Join(' ', _physicalToLogical.Select(static expert => expert == Empty ? "-" : $"{expert}"));
}
