namespace Moesaic;

/// <summary>How tokens get to the ranks that have their experts, and the results back.</summary>
public enum ExpertDispatch
{
    /// <summary>Sum where all ranks have the same tokens, else gather.</summary>
    Auto,

    /// <summary>Each rank runs its experts on all tokens of all data ranks: an all-gather before, a reduce-scatter after.</summary>
    AllGather,

    /// <summary>
    /// Each token travels once to each rank that has an expert of it, and one row comes back. Ranks that have the same tokens share them first:
    /// sequence-parallel.
    /// </summary>
    AllToAll,
}
