namespace Moesaic.Kernels;

/// <summary>The second half of an alignment by many blocks, after <see cref="CountKernel"/> in as many.</summary>
internal static class PlaceKernel
{
    internal static void Run(long ids, long counts, long order, long tiles, long tileCount, int routes, int experts, int tileRoutes)
    {
        EarlyStart.Wait();
        Alignment.Run(ids, counts, order, tiles, tileCount, routes, experts, tileRoutes);
    }
}
