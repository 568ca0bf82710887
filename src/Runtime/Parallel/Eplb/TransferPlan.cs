namespace Moesaic.Eplb;

/// <summary>The fewest messages that turn one map of a layer into another: each rank receives an expert that it lacks once.</summary>
/// <remarks>
/// The ranks that have an expert share its receivers: with S senders and q = receivers div S, sender k serves receivers k·q to (k+1)·q − 1,
/// and the k-th of what is left. An expert that is on the rank already is copied there, and what keeps its slot is not touched.
/// </remarks>
public sealed class TransferPlan
{
    private readonly int[] _old;
    private readonly int[] _new;
    private readonly int _slotsPerRank;

    private TransferPlan(int[] old, int[] @new, int slotsPerRank)
    {
        (_old, _new, _slotsPerRank) = (old, @new, slotsPerRank);
        NumRanks = old.Length / slotsPerRank;
        Transfers = [.. Plan().Order(Comparer<ExpertTransfer>.Create(static (a, b) => Key(a).CompareTo(Key(b))))];
    }

    /// <summary>Every message, ascending by expert, sender and receiver.</summary>
    public IReadOnlyList<ExpertTransfer> Transfers { get; }

    /// <summary>Ranks that take part: of both maps.</summary>
    public int NumRanks { get; }

    /// <summary>Nothing changes anywhere.</summary>
    public bool IsEmpty => _old.AsSpan().SequenceEqual(_new);

    /// <summary>Plans the way from one map to another; either may have more ranks than the other.</summary>
    /// <exception cref="EplbException">The maps are of other experts, or ranks do not divide their slots.</exception>
    public static TransferPlan Between(SlotMap old, SlotMap @new, int slotsPerRank)
    {
        if (slotsPerRank < 1 || old.NumSlots % slotsPerRank != 0 || @new.NumSlots % slotsPerRank != 0 || old.NumExperts != @new.NumExperts)
        {
            throw EplbException.Of(
                "maps", $"the same experts, and multiples of {slotsPerRank} slots",
                $"{old.NumExperts} in {old.NumSlots} slots and {@new.NumExperts} in {@new.NumSlots}", "correct the number of slots");
        }

        var slots = Math.Max(old.NumSlots, @new.NumSlots);
        return new(old.PaddedTo(slots).PhysicalToLogical.ToArray(), @new.PaddedTo(slots).PhysicalToLogical.ToArray(), slotsPerRank);
    }

    /// <summary>What a rank sends, in the order of <see cref="Transfers"/>.</summary>
    public IEnumerable<ExpertTransfer> Sends(int rank) => Transfers.Where(transfer => transfer.Sender == rank);

    /// <summary>What a rank receives, in the order of <see cref="Transfers"/>.</summary>
    public IEnumerable<ExpertTransfer> Receives(int rank) => Transfers.Where(transfer => transfer.Receiver == rank);

    /// <summary>The slots of a rank whose expert becomes another one, and the slot of the same rank that has it already; null where it is received.</summary>
    internal IEnumerable<(int Slot, int Expert, int? Source)> Changes(int rank)
    {
        var (old, @new) = (Of(_old, rank), Of(_new, rank));
        for (var slot = 0; slot < _slotsPerRank; slot++)
        {
            if (@new[slot] != old[slot] && @new[slot] != SlotMap.Empty)
            {
                var source = Array.IndexOf(old, @new[slot]);
                yield return (slot, @new[slot], source < 0 ? null : source);
            }
        }
    }

    private static (int, int, int) Key(ExpertTransfer transfer) => (transfer.Expert, transfer.Sender, transfer.Receiver);

    private int[] Of(int[] map, int rank) => map[(rank * _slotsPerRank)..((rank + 1) * _slotsPerRank)];

    private IEnumerable<ExpertTransfer> Plan()
    {
        foreach (var expert in _new.Where(static expert => expert != SlotMap.Empty).Distinct())
        {
            var senders = Holders(_old, expert);
            var receivers = Holders(_new, expert).Except(senders).ToArray();
            var share = receivers.Length / senders.Length;
            for (var i = 0; i < receivers.Length; i++)
            {
                var k = i < share * senders.Length ? i / share : i - (share * senders.Length);
                yield return new(expert, senders[k], Array.IndexOf(Of(_old, senders[k]), expert), receivers[i]);
            }
        }
    }

    private int[] Holders(int[] map, int expert) =>
        [.. Enumerable.Range(0, map.Length).Where(slot => map[slot] == expert).Select(slot => slot / _slotsPerRank).Distinct()];
}
