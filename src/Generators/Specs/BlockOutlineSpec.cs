namespace Moesaic.Generators.Specs;

/// <summary>What a block declares, without the numbers of a config.</summary>
internal sealed record BlockOutlineSpec(string Name, string Router, string Activation, ExpertWeightsSpec Experts, SharedExpertsSpec? SharedExperts);
