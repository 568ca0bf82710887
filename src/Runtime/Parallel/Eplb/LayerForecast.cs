namespace Moesaic.Eplb;

/// <summary>What a rebalance would do for one layer under a known load.</summary>
/// <param name="Name">The block, from the model down.</param>
/// <param name="Before">The map that a checkpoint is loaded into.</param>
/// <param name="After">The one that the policy makes of the load.</param>
/// <param name="RanksBefore">What each rank bears before, if replicas share evenly: [ranks].</param>
/// <param name="RanksAfter">And after.</param>
/// <param name="Transfers">Messages, an expert each, from one to the other.</param>
public sealed record LayerForecast(
    string Name, SlotMap Before, SlotMap After, IReadOnlyList<double> RanksBefore, IReadOnlyList<double> RanksAfter, int Transfers)
{
    /// <summary>Mean by maximum of the ranks, before.</summary>
    public double BalancednessBefore => Balancedness.Of([.. RanksBefore]);

    /// <summary>And after.</summary>
    public double BalancednessAfter => Balancedness.Of([.. RanksAfter]);

    /// <summary>The forecast for a layer.</summary>
    /// <param name="numGroups">Groups of experts that its router limits tokens to; 1 for none.</param>
    /// <exception cref="EplbException">Ranks do not fit the slots, or machines the ranks.</exception>
    public static LayerForecast Of(LayerLoad layer, int numGroups, int ranks, EplbOptions options)
    {
        options.Check();
        double[] load = [.. layer.Assignments.Select(static count => (double)count)];
        var before = SlotMap.Initial(load.Length, options.RedundantExperts);
        var topology = new ExpertTopology(before.NumSlots, numGroups, options.NumNodes, ranks);
        var next = RebalancePolicy.Next(load, topology, before);
        var after = load.AsSpan().ContainsAnyExcept(0.0) ? next : before;
        return new(
            layer.Name, before, after, Balancedness.PerRank(load, before, ranks), Balancedness.PerRank(load, after, ranks),
            TransferPlan.Between(before, after, topology.SlotsPerRank).Transfers.Count);
    }
}
