namespace Moesaic;

/// <summary>How a checkpoint lays out the weights of all experts.</summary>
public enum ExpertLayout
{
    /// <summary>One tensor per expert: <c>experts.0.gate_proj.weight</c>, [F, D].</summary>
    PerExpert,

    /// <summary>One tensor with a dimension for the experts: [E, F, D].</summary>
    Stacked,

    /// <summary>One tensor with the experts below each other: [E * F, D].</summary>
    Flat,
}
