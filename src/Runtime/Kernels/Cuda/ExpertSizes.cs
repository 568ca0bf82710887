namespace Moesaic.Kernels;

/// <summary>D, F, E and K.</summary>
internal readonly record struct ExpertSizes(int Hidden, int Width, int Experts, int TopK);
