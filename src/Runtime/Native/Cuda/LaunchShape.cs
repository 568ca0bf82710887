namespace Moesaic.Native;

/// <summary>How many threads a launch has, and how they are grouped.</summary>
/// <param name="GridX">Blocks.</param>
/// <param name="GridY">Blocks; at most 65535.</param>
/// <param name="Threads">Of a block.</param>
/// <param name="SharedBytes">Dynamic shared memory of a block.</param>
/// <param name="Cluster">So many neighbouring blocks run together and see each other's shared memory.</param>
/// <param name="StartsEarly">May begin before the launch ahead of it has ended; the kernel waits for it where it needs it.</param>
internal readonly record struct LaunchShape(
    long GridX, long GridY, int Threads, int SharedBytes = 0, int Cluster = 1, bool StartsEarly = false);
