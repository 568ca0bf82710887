namespace Moesaic.Eplb;

/// <summary>How evenly ranks are loaded: 1 where all bear the same.</summary>
public static class Balancedness
{
    /// <summary>What each rank bears of a load by expert, if replicas share it evenly: [ranks].</summary>
    public static double[] PerRank(ReadOnlySpan<double> load, SlotMap map, int ranks)
    {
        var perRank = new double[ranks];
        for (var expert = 0; expert < map.NumExperts; expert++)
        {
            foreach (var slot in map.Replicas(expert))
            {
                perRank[slot / (map.NumSlots / ranks)] += load[expert] / map.ReplicaCount(expert);
            }
        }

        return perRank;
    }

    /// <summary>Mean by maximum of what ranks bear; 1 where none bears anything.</summary>
    public static double Of(IReadOnlyCollection<double> perRank) => perRank.Max() is > 0 and var max ? perRank.Average() / max : 1;
}
