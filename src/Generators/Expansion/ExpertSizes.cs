namespace Moesaic.Generators.Expansion;

/// <summary>Null where it is not decided.</summary>
/// <param name="Experts">E.</param>
/// <param name="Hidden">D.</param>
/// <param name="Width">F.</param>
internal sealed record ExpertSizes(long? Experts, long? Hidden, long? Width);
