namespace Moesaic.Generators.Specs;

/// <summary>What <c>[SharedExperts]</c> says. The defaults are the attribute's.</summary>
internal sealed record SharedExpertsSpec
{
    public string Name { get; init; } = "shared_experts";

    public bool Optional { get; init; }

    public bool Gated { get; init; }

    public string GateName { get; init; } = "shared_expert_gate";
}
