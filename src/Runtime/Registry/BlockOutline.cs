namespace Moesaic;

/// <summary>What a block of an architecture declares, without the numbers of a config. Written by the generator, for lists.</summary>
/// <param name="Name">The class that declares it.</param>
/// <param name="Router">How tokens choose experts.</param>
/// <param name="Activation">What an expert does between its projections.</param>
/// <param name="Experts">How checkpoints keep the experts.</param>
/// <param name="SharedExperts">What every token passes beside them, or none.</param>
public sealed record BlockOutline(string Name, string Router, string Activation, string Experts, string SharedExperts);
