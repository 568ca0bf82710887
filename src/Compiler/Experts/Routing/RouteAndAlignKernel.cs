using ILGPU;

namespace Moesaic.Kernels;

/// <summary><see cref="RouteKernel"/> and <see cref="AlignKernel"/> in one launch, for few tokens: one block of 32 warps.</summary>
internal static class RouteAndAlignKernel
{
    /// <summary>Shared memory of the block: rows of logits first, then what the alignment needs, in the same place.</summary>
    internal static int Bytes(int experts) => Math.Max(32 * RoutingRow.Floats(experts) * sizeof(float), Alignment.Bytes(experts));

    internal static void Run(
        RoutingRule rule, long logits, long bias, long ids, long weights, long order, long tiles, long tileCount, int tokens, int experts, int tileRoutes)
    {
        EarlyStart.Wait();
        var shared = SharedMemory.GetDynamic<float>();
        var warp = Group.IdxX >> 5;
        var row = new RoutingRow { Rule = rule, Experts = experts, Shared = shared.SubView(warp * RoutingRow.Floats(experts), RoutingRow.Floats(experts)) };
        for (var token = warp; token < tokens; token += Alignment.Threads / 32)
        {
            var slots = 4L * token * rule.TopK;
            row.Route(logits + (4L * token * experts), bias, ids + slots, weights + slots);
        }

        Group.Barrier();
        Alignment.Run(ids, order, tiles, tileCount, tokens * rule.TopK, experts, tileRoutes);
    }
}
