using System.Runtime.CompilerServices;

namespace Moesaic;

/// <summary>What the router's linear layer is called in checkpoints, and what it has besides a weight. Without it: <c>gate.weight</c>.</summary>
/// <param name="line">The line of the declaration: the compiler fills it in.</param>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class RouterWeightsAttribute([CallerLineNumber] int line = 0) : Attribute
{
    /// <summary>The line of the declaration, for reports.</summary>
    public int Line { get; } = line;

    /// <summary>Name of the linear layer below the block; may hold dots.</summary>
    public string Name { get; init; } = "gate";

    /// <summary>The linear layer has a bias, which is part of the scores.</summary>
    public bool Bias { get; init; }

    /// <summary>Name below the block of a bias that moves the choice of experts and never their weights; may hold dots.</summary>
    public string? SelectionBias { get; init; }

    /// <summary>Name of a config property that says whether this model has the selection bias: <c>nameof(MyConfig.UseExpertBias)</c>. Null where all have it.</summary>
    public string? SelectionBiasIf { get; init; }

    /// <summary>The selection bias is one row, [1, E], and not [E].</summary>
    public bool SelectionBiasIsRow { get; init; }

    /// <summary>An expert's weight multiplies its input and not its output.</summary>
    public bool OnInput { get; init; }

    /// <summary>The config's <c>RoutedScalingFactor</c> multiplies the sum of the routed experts' outputs; without, only a router that takes it applies it, to the weights.</summary>
    /// <remarks>The same up to rounding, except where <see cref="OnInput"/> sends weights through the activation.</remarks>
    public bool ScaleOutput { get; init; }

    /// <summary>The router computes in float32 whatever the model's dtype is.</summary>
    public bool Float32 { get; init; }
}
