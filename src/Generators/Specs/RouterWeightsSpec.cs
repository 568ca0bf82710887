namespace Moesaic.Generators.Specs;

/// <summary>What <c>[RouterWeights]</c> says. The defaults are the attribute's.</summary>
internal sealed record RouterWeightsSpec
{
    public string Name { get; init; } = "gate";

    public bool Bias { get; init; }

    public string? SelectionBias { get; init; }

    public string? SelectionBiasIf { get; init; }

    public bool SelectionBiasIsRow { get; init; }

    public bool OnInput { get; init; }

    public bool ScaleOutput { get; init; }

    public bool Float32 { get; init; }
}
