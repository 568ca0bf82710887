using System.Runtime.CompilerServices;

namespace Moesaic;

/// <summary>An MLP beside the routed experts that every token passes; its output is added to theirs.</summary>
/// <param name="line">The line of the declaration: the compiler fills it in.</param>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class SharedExpertsAttribute([CallerLineNumber] int line = 0) : Attribute
{
    /// <summary>The line of the declaration, for reports.</summary>
    public int Line { get; } = line;

    /// <summary>Its name below the block.</summary>
    public string Name { get; init; } = "shared_experts";

    /// <summary>A model whose config gives it no width has none: <c>SharedExpertsIntermediateSize</c> is 0.</summary>
    public bool Optional { get; init; }

    /// <summary>Its output is multiplied by the sigmoid of a linear layer with one output.</summary>
    public bool Gated { get; init; }

    /// <summary>Name of that linear layer below the block.</summary>
    public string GateName { get; init; } = "shared_expert_gate";
}
