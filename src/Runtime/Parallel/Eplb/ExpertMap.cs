namespace Moesaic.Eplb;

/// <summary>The experts of one rank where none is redundant, and where each of them lies there.</summary>
/// <remarks>Where ranks do not divide the experts, the first ranks have one more. A rank may have none.</remarks>
public sealed class ExpertMap
{
    private readonly int[] _localIds;

    private ExpertMap(int[] localIds, int localCount)
    {
        _localIds = localIds;
        LocalCount = localCount;
    }

    /// <summary>For each expert its index on this rank, −1 where it is elsewhere: [E].</summary>
    public ReadOnlySpan<int> LocalIds => _localIds;

    /// <summary>How many experts the rank has.</summary>
    public int LocalCount { get; }

    /// <summary>The map of one rank.</summary>
    /// <exception cref="EplbException">There is no expert, no rank, or no rank of that number.</exception>
    public static ExpertMap Of(int numExperts, int ranks, int rank, PlacementStrategy strategy = PlacementStrategy.Linear)
    {
        if (numExperts < 1 || ranks < 1 || rank < 0 || rank >= ranks)
        {
            throw EplbException.Of(
                "expert placement", "one or more experts and a rank below the number of ranks",
                $"{numExperts} experts, rank {rank} of {ranks}", "correct the number of ranks");
        }

        var localIds = new int[numExperts];
        Array.Fill(localIds, -1);
        var count = (numExperts / ranks) + (rank < numExperts % ranks ? 1 : 0);
        var first = (rank * (numExperts / ranks)) + Math.Min(rank, numExperts % ranks);
        for (var local = 0; local < count; local++)
        {
            localIds[strategy == PlacementStrategy.Linear ? first + local : rank + (local * ranks)] = local;
        }

        return new(localIds, count);
    }
}
