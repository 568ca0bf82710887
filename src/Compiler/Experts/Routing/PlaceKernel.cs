using ILGPU;

namespace Moesaic.Kernels;

/// <summary>The second half of an alignment by many blocks, after <see cref="CountKernel"/> in as many.</summary>
internal static class PlaceKernel
{
    internal static void Run(long ids, long weights, long counts, long order, long sortedWeights, long tiles, long tileCount, long nextItems, int routes, int experts, int tileRoutes, int spareRoutes)
    {
        EarlyStart.Wait();
        if (Grid.IdxX == 0 && Group.IdxX < 2)
        {
            GlobalMemory.StoreInt(nextItems + (4L * Group.IdxX), 0);
        }

        Alignment.Run(ids, weights, counts, order, sortedWeights, tiles, tileCount, routes, experts, tileRoutes, spareRoutes);
    }
}
