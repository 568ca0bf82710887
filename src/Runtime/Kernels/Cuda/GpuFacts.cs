namespace Moesaic;

/// <summary>What the choice of a backend depends on where the weights lie on an NVIDIA GPU.</summary>
/// <param name="Major">Of the compute capability: 8 is Ampere, 9 Hopper.</param>
/// <param name="Minor">Of the compute capability.</param>
/// <param name="Obstacle">Why the kernels for the activation cannot be had; null where they can.</param>
public readonly record struct GpuFacts(int Major, int Minor, string? Obstacle);
