namespace Moesaic;

/// <summary>An MLP beside the routed experts that every token passes; its output is added to theirs.</summary>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class SharedExpertsAttribute : Attribute
{
    /// <summary>Its name below the block.</summary>
    public string Name { get; init; } = "shared_experts";

    /// <summary>A model whose config gives it no width has none: <c>SharedExpertsIntermediateSize</c> is 0.</summary>
    public bool Optional { get; init; }

    /// <summary>Its output is multiplied by the sigmoid of a linear layer with one output.</summary>
    public bool Gated { get; init; }

    /// <summary>Name of that linear layer below the block.</summary>
    public string GateName { get; init; } = "shared_expert_gate";
}
