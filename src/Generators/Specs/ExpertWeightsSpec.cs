namespace Moesaic.Generators.Specs;

/// <summary>What <c>[ExpertWeights]</c> says. The defaults are the attribute's.</summary>
internal sealed record ExpertWeightsSpec
{
    /// <summary>Empty where experts have no gate.</summary>
    public string Gate { get; init; } = "gate_proj";

    public string Up { get; init; } = "up_proj";

    public string Down { get; init; } = "down_proj";

    public string? GateUp { get; init; }

    public string Experts { get; init; } = "experts";

    public ExpertLayout Layout { get; init; }

    public bool Interleaved { get; init; }

    public bool Transposed { get; init; }

    public bool Bias { get; init; }

    public string Suffix { get; init; } = ".weight";
}
