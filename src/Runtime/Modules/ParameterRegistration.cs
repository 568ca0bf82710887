using Moesaic.Checkpoints;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Moesaic;

/// <summary>A registered parameter, and how to give its owner another tensor.</summary>
internal sealed class ParameterRegistration(
    ExplicitModule owner, string name, string checkpointName, Parameter value, Action<Parameter> assign, ScalarType? keptDtype)
{
    internal ExplicitModule Owner { get; } = owner;

    internal string Name { get; } = name;

    internal string CheckpointName { get; } = checkpointName;

    internal Parameter Value { get; set; } = value;

    /// <summary>The part of it that this rank has; null for all of it.</summary>
    internal ParameterCut? Cut { get; set; }

    /// <summary>Its shape before it was cut: the checkpoint's.</summary>
    internal long[] WholeShape { get; } = value.shape;

    /// <summary>Its values where they stay quantized: <see cref="Value"/> then has none, and the dtype they are decoded in.</summary>
    internal QuantizedWeights? Quantized { get; set; }

    internal Action<Parameter> Assign { get; } = assign;

    /// <summary>The dtype it keeps whatever the model's is; null for the model's.</summary>
    internal ScalarType? KeptDtype { get; } = keptDtype;
}
