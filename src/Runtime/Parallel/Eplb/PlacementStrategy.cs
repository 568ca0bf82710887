namespace Moesaic.Eplb;

/// <summary>How experts without redundancy are dealt to ranks.</summary>
public enum PlacementStrategy
{
    /// <summary>Neighbours together: rank 0 has the first ones.</summary>
    Linear,

    /// <summary>In turn: rank 0 has 0, ranks, 2 · ranks and so on. Groups of experts that are chosen together spread over ranks.</summary>
    RoundRobin,
}
