namespace Moesaic.Kernels;

/// <summary>order, tiles = routes sorted by expert: one block of <see cref="Alignment.Threads"/> threads. See <see cref="Alignment"/>.</summary>
/// <remarks>Replaces TokenPermutation. The host learns nothing of it, so it need not wait.</remarks>
internal static class AlignKernel
{
    internal static void Run(long ids, long order, long tiles, long tileCount, int routes, int experts, int tileRoutes)
    {
        EarlyStart.Wait();
        Alignment.Run(ids, order, tiles, tileCount, routes, experts, tileRoutes);
    }
}
