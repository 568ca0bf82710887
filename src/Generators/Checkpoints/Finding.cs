using Moesaic.Generators.Expansion;

namespace Moesaic.Generators.Checkpoints;

/// <summary>A tensor that is not as declared: missing, or of another shape.</summary>
/// <param name="Tensor">Its name.</param>
/// <param name="Expected">The declared shape; null, or a dimension null, where that is not decided.</param>
/// <param name="Found">The checkpoint's; null where it has no such tensor.</param>
/// <param name="Origin">What declares it.</param>
internal sealed record Finding(string Tensor, IReadOnlyList<long?>? Expected, IReadOnlyList<long>? Found, Origin? Origin);
