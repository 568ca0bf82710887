namespace Moesaic.Eplb;

/// <summary>Which experts get the slots that are left once each has one.</summary>
internal static class Replication
{
    /// <summary>The expert of each slot: each expert in order, then for each slot the one whose replicas bear most. Ties go to the lower number.</summary>
    internal static int[] Replicate(ReadOnlySpan<double> weights, int slots, out int[] counts)
    {
        var experts = new int[slots];
        counts = new int[weights.Length];
        for (var slot = 0; slot < slots; slot++)
        {
            var expert = slot < weights.Length ? slot : Busiest(weights, counts);
            experts[slot] = expert;
            counts[expert]++;
        }

        return experts;
    }

    private static int Busiest(ReadOnlySpan<double> weights, int[] counts)
    {
        var busiest = 0;
        for (var expert = 1; expert < weights.Length; expert++)
        {
            if (weights[expert] / counts[expert] > weights[busiest] / counts[busiest])
            {
                busiest = expert;
            }
        }

        return busiest;
    }
}
