using System.Globalization;
using Moesaic.Communication;

namespace Moesaic.Eplb;

/// <summary>What rank 0 logs. Ranks agree on when, since it takes a collective.</summary>
internal sealed class BalanceLog(IReadOnlyList<BalancedLayer> layers, ICommunicator ranks, int interval)
{
    private int _steps;

    /// <summary>Every so many steps, how evenly this one loaded the ranks.</summary>
    /// <param name="perLayer">Assignments to this rank's slots.</param>
    internal void Step(long[] perLayer, bool isDummy)
    {
        if (interval == 0 || layers.Count == 0 || ++_steps % interval != 0)
        {
            return;
        }

        var table = new long[layers.Count * ranks.Size];
        for (var i = 0; i < perLayer.Length && !isDummy; i++)
        {
            table[(i * ranks.Size) + ranks.Rank] = perLayer[i];
        }

        var perRank = ranks.Sum(table, layers[0].Slots.Device).Chunk(ranks.Size).Select(static row => row.Select(static count => (double)count).ToArray()).ToList();
        Write($"step {_steps}: avg_tokens={Mean(perRank):0.0} max_tokens={Maximum(perRank):0.0} balancedness={Balance(perRank):0.000}");
    }

    /// <summary>What a rebalance expects to gain.</summary>
    /// <param name="loads">[E] of each layer.</param>
    /// <param name="maps">Those to come.</param>
    internal void Rebalanced(IReadOnlyList<double[]> loads, IReadOnlyList<SlotMap> maps)
    {
        var before = loads.Select((load, i) => Balancedness.PerRank(load, layers[i].Slots.Map, ranks.Size)).ToList();
        var after = loads.Select((load, i) => Balancedness.PerRank(load, maps[i], ranks.Size)).ToList();
        var changed = maps.Where((map, i) => !map.Holds(layers[i].Slots.Map.PhysicalToLogical)).Count();
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
