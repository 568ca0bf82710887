using System.Globalization;
using Moesaic.Communication;

namespace Moesaic.Eplb;

/// <summary>What rank 0 logs. Ranks agree on when, since it takes a collective.</summary>
internal sealed class BalanceLog(IReadOnlyList<BalancedLayer> layers, ICommunicator ranks, int interval)
{
    private int _steps;

    /// <summary>Every so many steps, how evenly this one loaded the ranks.</summary>
    /// <param name="perRank">Assignments to each rank that this one knows of: [L, ranks].</param>
    internal void Step(long[] perRank)
    {
        if (interval == 0 || ++_steps % interval != 0)
        {
            return;
        }

        var sums = ranks.Sum(perRank).Chunk(ranks.Size).Select(static row => row.Select(static count => (double)count).ToArray()).ToList();
        Write($"step {_steps}: avg_tokens={Mean(sums):0.0} max_tokens={Maximum(sums):0.0} balancedness={Balance(sums):0.000}");
    }

    /// <summary>What a rebalance expects to gain.</summary>
    /// <param name="loads">[E] of each layer.</param>
    /// <param name="maps">Those to come.</param>
    internal void Rebalanced(IReadOnlyList<double[]> loads, IReadOnlyList<SlotMap> maps)
    {
        var before = loads.Select((load, i) => Balancedness.PerRank(load, layers[i].Map, ranks.Size)).ToList();
        var after = loads.Select((load, i) => Balancedness.PerRank(load, maps[i], ranks.Size)).ToList();
        var changed = maps.Where((map, i) => !map.Holds(layers[i].Map.PhysicalToLogical)).Count();
        Write($"rebalance: balancedness {Balance(before):0.000} -> {Balance(after):0.000}, {changed} of {layers.Count} layers to move");
    }

    private static double Mean(List<double[]> perRank) => perRank.Sum(static row => row.Average());

    private static double Maximum(List<double[]> perRank) => perRank.Sum(static row => row.Max());

    private static double Balance(List<double[]> perRank) => Maximum(perRank) is > 0 and var max ? Mean(perRank) / max : 1;

    private void Write(FormattableString text)
    {
        if (ranks.Rank == 0)
        {
            EplbTrace.Source.TraceInformation(text.ToString(CultureInfo.InvariantCulture));
        }
    }
}
