namespace Moesaic.Eplb;

/// <summary>Deals the experts of one layer to slots, by the load that each had. Deterministic: the same load, the same map, on every rank.</summary>
/// <remarks>
/// The published algorithm of DeepSeek (https://github.com/deepseek-ai/EPLB). Hierarchical where machines divide the expert groups:
/// groups are packed onto machines, the experts of a machine replicated there, and the replicas packed onto its ranks. Else global, which is
/// the same with one group and one machine.
/// </remarks>
public static class RebalancePolicy
{
    /// <summary>The expert of each slot: [P].</summary>
    /// <param name="load">How many assignments each expert had: [E]. Numbers, not negative.</param>
    /// <exception cref="EplbException">The topology does not fit the experts, or a load is no such number.</exception>
    public static SlotMap Deal(ReadOnlySpan<double> load, ExpertTopology topology)
    {
        topology.Check(load.Length);
        foreach (var expert in load)
        {
            if (!double.IsFinite(expert) || expert < 0)
            {
                throw EplbException.Of("load of an expert", "a number, 0 or more", $"{expert}", "correct the recorded load");
            }
        }

        return new(Hierarchical(load, topology.Effective), load.Length);
    }

    /// <summary>The same, dealt to those ranks and slots that have the experts already as far as that changes no rank's load.</summary>
    /// <param name="old">What slots hold now, which stays where nothing would be more even; it may be of other ranks.</param>
    /// <exception cref="EplbException">The topology does not fit the experts, or a load is no number.</exception>
    internal static SlotMap Next(ReadOnlySpan<double> load, ExpertTopology topology, SlotMap old)
    {
        var next = RankMatching.Match(Deal(load, topology), old, topology.Effective);
        return IsOf(topology, old) && Even(load, next, topology) <= Even(load, old, topology)
            ? old
            : SlotPreservation.Preserve(next, old, topology.SlotsPerRank);
    }

    /// <summary>Whether a map fills these ranks, all of them.</summary>
    private static bool IsOf(ExpertTopology topology, SlotMap map) =>
        map.NumSlots == topology.NumSlots && !map.PhysicalToLogical.Contains(SlotMap.Empty);

    private static double Even(ReadOnlySpan<double> load, SlotMap map, ExpertTopology topology) =>
        Balancedness.Of(Balancedness.PerRank(load, map, topology.NumRanks));

    private static int[] Hierarchical(ReadOnlySpan<double> load, ExpertTopology topology)
    {
        var (experts, nodes) = (NodeMajor(load, topology), topology.NumNodes);
        var (expertsOfNode, slotsOfNode, ranksOfNode) = (load.Length / nodes, topology.NumSlots / nodes, topology.NumRanks / nodes);
        var map = new int[topology.NumSlots];
        for (var node = 0; node < nodes; node++)
        {
            var own = experts.AsSpan(node * expertsOfNode, expertsOfNode);
            DealOne(load, own, map.AsSpan(node * slotsOfNode, slotsOfNode), ranksOfNode);
        }

        return map;
    }

    /// <summary>The experts, those of a machine together: whole groups, packed by their load.</summary>
    private static int[] NodeMajor(ReadOnlySpan<double> load, ExpertTopology topology)
    {
        var (groups, size) = (topology.NumGroups, load.Length / topology.NumGroups);
        var weights = new double[groups];
        for (var expert = 0; expert < load.Length; expert++)
        {
            weights[expert / size] += load[expert];
        }

        var places = BalancedPacking.Pack(weights, topology.NumNodes);
        var order = new int[load.Length];
        for (var group = 0; group < groups; group++)
        {
            var first = ((places[group].Pack * (groups / topology.NumNodes)) + places[group].Rank) * size;
            for (var offset = 0; offset < size; offset++)
            {
                order[first + offset] = (group * size) + offset;
            }
        }

        return order;
    }

    /// <summary>Replicates the experts of one machine and packs the replicas onto its ranks.</summary>
    private static void DealOne(ReadOnlySpan<double> load, ReadOnlySpan<int> experts, Span<int> slots, int ranks)
    {
        var weights = new double[experts.Length];
        for (var i = 0; i < experts.Length; i++)
        {
            weights[i] = load[experts[i]];
        }

        var replicas = Replication.Replicate(weights, slots.Length, out var counts);
        var shares = replicas.Select(expert => weights[expert] / counts[expert]).ToArray();
        var places = BalancedPacking.Pack(shares, ranks);
        for (var replica = 0; replica < replicas.Length; replica++)
        {
            slots[(places[replica].Pack * (slots.Length / ranks)) + places[replica].Rank] = experts[replicas[replica]];
        }
    }
}
