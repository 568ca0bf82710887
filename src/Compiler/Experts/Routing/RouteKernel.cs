using ILGPU;

namespace Moesaic.Kernels;

/// <summary>ids, weights = router(logits): one warp a token.</summary>
/// <remarks>
/// <code>
///   logits   [T, E]  float32, or bf16 where they are narrow      bias     [E] float32 or none
///   ids      [T, K]  int32        weights  [T, K] float32
///
///   grid     x: tokens, Warps of them a block
/// </code>
/// Replaces the Route of every router that is an IRuledRouter. Needs K and the number of groups at most 32.
/// </remarks>
internal static class RouteKernel
{
    internal const int Warps = 4;

    internal static void Run(RoutingRule rule, long logits, int isNarrow, long bias, long ids, long weights, int tokens, int experts)
    {
        EarlyStart.Wait();
        var shared = SharedMemory.GetDynamic<float>();
        var warp = Group.IdxX >> 5;
        var token = (Grid.IdxX * Warps) + warp;
        if (token < tokens)
        {
            var row = new RoutingRow { Rule = rule, Experts = experts, IsNarrow = isNarrow, Shared = shared.SubView(warp * RoutingRow.Floats(experts), RoutingRow.Floats(experts)) };
            var slots = 4L * token * rule.TopK;
            row.Route(logits + ((isNarrow != 0 ? 2L : 4L) * token * experts), bias, ids + slots, weights + slots);
        }
    }
}
