using Moesaic.Eplb;

namespace Moesaic;

/// <summary>How many ranks share what. Ranks count tensor first, then expert, then data.</summary>
public sealed record ParallelLayout
{
    /// <summary>Ranks with tokens of their own, <c>--dp</c>.</summary>
    public int Data { get; init; } = 1;

    /// <summary>Ranks that share the experts of the same tokens, <c>--ep</c>. With data ranks, experts are spread over all <c>dp · ep</c>.</summary>
    public int Expert { get; init; } = 1;

    /// <summary>Ranks that share each matrix: heads, expert widths, vocabulary; <c>--tp</c>.</summary>
    public int Tensor { get; init; } = 1;

    /// <summary>Which rank has which experts where none is redundant.</summary>
    public PlacementStrategy Placement { get; init; }

    /// <summary>How tokens travel.</summary>
    public ExpertDispatch Dispatch { get; init; }

    /// <summary>Redundant experts and how often they are dealt anew; null for each expert once.</summary>
    public EplbOptions? Balancing { get; init; }

    /// <summary>Refuses what cannot work, before anything starts.</summary>
    /// <exception cref="EplbException">Balancing has one rank, a placement of its own, or options that contradict each other.</exception>
    public void Check()
    {
        if (Balancing is null)
        {
            return;
        }

        Balancing.Check();
        if (ExpertRanks == 1)
        {
            throw EplbException.Of("expert load balancing", "two ranks or more that share experts", $"{this}", "add --ep N or --dp N, or leave its options out");
        }

        if (Placement != PlacementStrategy.Linear)
        {
            throw EplbException.Of("expert load balancing", "linear placement, which it changes by load", "round-robin", "leave one of them out");
        }
    }

    /// <summary>All ranks.</summary>
    public int World => Data * Expert * Tensor;

    /// <summary>Ranks that the experts are spread over.</summary>
    public int ExpertRanks => Data * Expert;

    /// <summary>For messages: <c>--dp 2 --ep 2 --tp 1</c>.</summary>
    public override string ToString() => $"--dp {Data} --ep {Expert} --tp {Tensor}";
}
