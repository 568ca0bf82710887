using System.Runtime.CompilerServices;

namespace Moesaic;

/// <summary>How a checkpoint stores the routed experts. Without it: one gate_proj, up_proj and down_proj per expert.</summary>
/// <remarks>
/// One fact each: the layout (per expert, stacked in three dimensions, flat in two), gate and up together or apart,
/// concatenated or interleaved, transposed, biased.
/// </remarks>
/// <param name="line">The line of the declaration: the compiler fills it in.</param>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class ExpertWeightsAttribute([CallerLineNumber] int line = 0) : Attribute
{
    /// <summary>The line of the declaration, for reports.</summary>
    public int Line { get; } = line;

    /// <summary>Name of the gate projection.</summary>
    public string Gate { get; init; } = "gate_proj";

    /// <summary>Name of the up projection.</summary>
    public string Up { get; init; } = "up_proj";

    /// <summary>Name of the down projection.</summary>
    public string Down { get; init; } = "down_proj";

    /// <summary>Name of gate and up in one tensor, which replaces <see cref="Gate"/> and <see cref="Up"/>.</summary>
    public string? GateUp { get; init; }

    /// <summary>Name of the module that holds the experts; empty where the block itself does.</summary>
    public string Experts { get; init; } = "experts";

    /// <summary>One tensor per expert, or all in one.</summary>
    public ExpertLayout Layout { get; init; } = ExpertLayout.PerExpert;

    /// <summary>Gate and up rows alternate in <see cref="GateUp"/>.</summary>
    public bool Interleaved { get; init; }

    /// <summary>Weights are stored input by output, the transpose of a linear layer's.</summary>
    public bool Transposed { get; init; }

    /// <summary>Each projection has a bias: <c>.bias</c> beside a <c>.weight</c>, <c>_bias</c> beside a bare tensor.</summary>
    public bool Bias { get; init; }

    /// <summary>What follows the projection's name: <c>.weight</c> in most checkpoints, empty where a stacked tensor stands bare.</summary>
    public string Suffix { get; init; } = ".weight";
}
