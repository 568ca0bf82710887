namespace Moesaic.Generators.Specs;

/// <summary>The sizes of a block as expressions over its config: <c>config.HiddenSize</c>.</summary>
/// <param name="SharedExpertsIntermediateSize">Empty for a block without shared experts.</param>
internal sealed record BlockSizesSpec(string HiddenSize, string NumExperts, string MoeIntermediateSize, string SharedExpertsIntermediateSize);
