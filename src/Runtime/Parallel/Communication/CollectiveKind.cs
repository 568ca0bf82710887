namespace Moesaic.Communication;

/// <summary>The calls of a communicator.</summary>
public enum CollectiveKind
{
    /// <summary>Sum on every rank.</summary>
    AllReduce,

    /// <summary>All rows on every rank.</summary>
    AllGather,

    /// <summary>Sum, a part of it on each rank.</summary>
    ReduceScatter,

    /// <summary>Rows from each rank to each.</summary>
    AllToAll,

    /// <summary>One rank's values on every rank.</summary>
    Broadcast,

    /// <summary>Messages between two ranks.</summary>
    Exchange,

    /// <summary>No values.</summary>
    Barrier,

    /// <summary>A new group.</summary>
    Split,
}
