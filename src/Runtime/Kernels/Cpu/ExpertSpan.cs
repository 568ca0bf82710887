namespace Moesaic.Kernels.Cpu;

/// <summary>The rows of an expert.</summary>
internal readonly record struct ExpertSpan(int Expert, int Start, int Count);
