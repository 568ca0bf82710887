namespace Moesaic;

/// <summary>What a block declares, with the numbers that its config gave. Written by the generator, for reports.</summary>
/// <param name="Router">How tokens choose experts.</param>
/// <param name="RouterFacts">Its dtype, its biases, where its weights apply.</param>
/// <param name="Activation">What an expert does between its projections.</param>
/// <param name="ExpertFacts">How checkpoints keep the experts.</param>
/// <param name="SharedExperts">What every token passes beside them, or none.</param>
/// <param name="Forward">Whose it is: generated, or the author's.</param>
public sealed record BlockDeclaration(
    DeclaredMechanism Router, string RouterFacts, DeclaredMechanism Activation, string ExpertFacts, string SharedExperts, string Forward);
