namespace Moesaic.Eplb;

/// <summary>Items into packs of equally many, so that no pack weighs much more than another.</summary>
/// <remarks>Greedy, as in DeepSeek's EPLB: the heaviest item first, into the lightest pack with room. Ties go to the lower number.</remarks>
internal static class BalancedPacking
{
    /// <summary>The pack of each item, and its place there.</summary>
    /// <param name="weights">One a item; their number is a multiple of <paramref name="packs"/>.</param>
    internal static (int Pack, int Rank)[] Pack(ReadOnlySpan<double> weights, int packs)
    {
        var capacity = weights.Length / packs;
        var places = new (int Pack, int Rank)[weights.Length];
        if (capacity == 1)
        {
            for (var item = 0; item < places.Length; item++)
            {
                places[item] = (item, 0);
            }

            return places;
        }

        var totals = new double[packs];
        var counts = new int[packs];
        foreach (var item in Descending(weights))
        {
            var pack = Lightest(totals, counts, capacity);
            places[item] = (pack, counts[pack]++);
            totals[pack] += weights[item];
        }

        return places;
    }

    private static IEnumerable<int> Descending(ReadOnlySpan<double> weights)
    {
        var copy = weights.ToArray();
        return Enumerable.Range(0, copy.Length).OrderByDescending(item => copy[item]); // Stable: of equals the lower first.
    }

    private static int Lightest(double[] totals, int[] counts, int capacity)
    {
        var lightest = -1;
        for (var pack = 0; pack < totals.Length; pack++)
        {
            if (counts[pack] < capacity && (lightest < 0 || totals[pack] < totals[lightest]))
            {
                lightest = pack;
            }
        }

        return lightest;
    }
}
