using Moesaic.Eplb;

namespace Moesaic;

/// <summary>Which rank has which experts: slots over all ranks, those of a rank together, each with an expert.</summary>
/// <remarks>What is local of a map that changes while a model serves: <see cref="LayerSlots"/>.</remarks>
public sealed class ExpertPlacement
{
    private readonly int[] _starts;

    private ExpertPlacement(SlotMap map, int[] starts) => (Map, _starts) = (map, starts);

    /// <summary>The expert of each slot.</summary>
    public SlotMap Map { get; }

    /// <summary>How many ranks there are.</summary>
    public int Ranks => _starts.Length - 1;

    /// <summary>Slots are experts: nothing to look up.</summary>
    internal bool IsIdentity => Map.NumSlots == Map.NumExperts && Map.PhysicalToLogical.SequenceEqual(Enumerable.Range(0, Map.NumExperts).ToArray());

    /// <summary>Any map, with so many of its slots on each rank.</summary>
    internal static ExpertPlacement From(SlotMap map, IReadOnlyList<int> slotsOfRanks) => new(map, Starts(slotsOfRanks));

    /// <summary>Each expert on one rank; of ranks that do not divide them, the first have one more.</summary>
    public static ExpertPlacement Of(int numExperts, int ranks, PlacementStrategy strategy)
    {
        var owned = Enumerable.Range(0, ranks).Select(_ => new List<int>()).ToArray();
        for (var rank = 0; rank < ranks; rank++)
        {
            var local = ExpertMap.Of(numExperts, ranks, rank, strategy).LocalIds;
            for (var expert = 0; expert < numExperts; expert++)
            {
                if (local[expert] >= 0)
                {
                    owned[rank].Add(expert);
                }
            }
        }

        return new(new(owned.SelectMany(experts => experts), numExperts), Starts(owned.Select(experts => experts.Count)));
    }

    /// <summary>As many slots on each rank, more of them than experts.</summary>
    /// <exception cref="EplbException">Ranks do not divide the slots.</exception>
    public static ExpertPlacement WithRedundant(int numExperts, int redundant, int ranks)
    {
        var local = PhysicalExperts.Of(numExperts, redundant, ranks).NumLocal;
        return new(SlotMap.Initial(numExperts, redundant), Starts(Enumerable.Repeat(local, ranks)));
    }

    /// <summary>The slots of a rank.</summary>
    public (int First, int Count) SlotsOf(int rank) => (_starts[rank], _starts[rank + 1] - _starts[rank]);

    /// <summary>The expert of each slot of a rank.</summary>
    public ReadOnlySpan<int> ExpertsOf(int rank) => Map.PhysicalToLogical[_starts[rank].._starts[rank + 1]];

    /// <summary>The rank of each slot: [P].</summary>
    internal long[] RankOfSlots()
    {
        var ranks = new long[Map.NumSlots];
        for (var rank = 0; rank < Ranks; rank++)
        {
            ranks.AsSpan(_starts[rank].._starts[rank + 1]).Fill(rank);
        }

        return ranks;
    }

    private static int[] Starts(IEnumerable<int> counts)
    {
        var starts = new List<int> { 0 };
        foreach (var count in counts)
        {
            starts.Add(starts[^1] + count);
        }

        return [.. starts];
    }
}
