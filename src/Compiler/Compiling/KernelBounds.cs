namespace Moesaic.Kernels;

/// <summary>What the driver may count on when it hands out registers.</summary>
/// <param name="Threads">A block never has more.</param>
/// <param name="BlocksPerProcessor">So many blocks are to fit on one multiprocessor.</param>
public readonly record struct KernelBounds(int Threads, int BlocksPerProcessor = 1);
