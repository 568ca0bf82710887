using ILGPU;

namespace Moesaic.Kernels;

/// <summary><see cref="RouteAndAlignKernel"/> for one token: one warp, since each of its experts is a tile of its own and nothing has to be sorted.</summary>
internal static class RouteTokenKernel
{
    internal const int Threads = 32;

    internal static int Bytes(int experts) => RoutingRow.Floats(experts) * sizeof(float);

    /// <param name="isNarrow">Logits are bfloat16: 1 for yes.</param>
    internal static void Run(
        RoutingRule rule, long logits, int isNarrow, long bias, long ids, long weights, long order, long tiles, long tileCount, int experts)
    {
        EarlyStart.Wait();
        var row = new RoutingRow { Rule = rule, Experts = experts, Shared = SharedMemory.GetDynamic<float>(), IsNarrow = isNarrow };
        row.Route(logits, bias, ids, weights);
        var lane = Group.IdxX;
        if (lane < rule.TopK)
        {
            // What this lane has written itself.
            var expert = GlobalMemory.LoadInt(ids + (4L * lane));
            GlobalMemory.StoreInt(order + (4L * lane), lane);
            new RouteTile { Expert = expert, Begin = lane, End = lane + 1, Left = 1 }.Store(tiles, lane);
        }

        if (lane == 0)
        {
            GlobalMemory.StoreInt(tileCount, rule.TopK);
        }
    }
}
