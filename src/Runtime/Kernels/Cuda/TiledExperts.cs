using Moesaic.Native;

namespace Moesaic.Kernels;

/// <summary>A MoE layer for many tokens on Hopper: route, count, place, gather, gate up, down, combine, and no wait of the host.</summary>
internal sealed class TiledExperts(KernelLibrary kernels, in ExpertSizes sizes, DeviceActivation activation, RoutingRule rule, TiledPlan plan) : DeviceExperts
{
    // A part of the alignment has so many routes: one step for each of its warps.
    internal const int RoutesOfPart = 1024;

    // Rows of the boxes that the copy engine moves: of weights, and of tokens.
    private const int WeightBoxRows = 128;
    private const int TokenBoxRows = 32;
    private const int BoxColumns = 64;

    // Routes of a tile, and so many more rather than a small one: as many as the kernels' shared memory holds.
    private const int TileRoutes = 128;
    private const int SpareRoutes = 32;

    // Of a block of the launch that gathers: routes, and columns.
    private const int GatherRows = 8;
    private const int GatherColumns = 8;

    private readonly ExpertSizes _sizes = sizes;

    internal override IEnumerable<LoadedKernel> Kernels => [RouteKernel, CountKernel, PlaceKernel, GatherKernel, GateUpKernel, DownKernel, CombineKernel];

    private LoadedKernel RouteKernel => field ??= Kernel(ExpertKernel.Route);

    private LoadedKernel CountKernel => field ??= Kernel(ExpertKernel.Count);

    private LoadedKernel PlaceKernel => field ??= Kernel(ExpertKernel.Place);

    private LoadedKernel GatherKernel => field ??= kernels.Get(TiledPlan.GatherName);

    private LoadedKernel GateUpKernel => field ??= kernels.Get(plan.GateUpName(activation.Type));

    private LoadedKernel DownKernel => field ??= kernels.Get(plan.DownName);

    private LoadedKernel CombineKernel => field ??= kernels.Get(plan.CombineName(kernels.Target));

    internal override void Run(in StreamCall call, nint stream)
    {
        var (sizes, tokens, rows) = (_sizes, call.Tokens, activation.IsGated ? 2L : 1L);
        var workspace = new StreamWorkspace(call, sizes);
        var routes = tokens * sizes.TopK;
        var together = plan.InPairs ? 2 : 1;
        if (call.Ids == 0)
        {
            RouteKernel.Function.Launch(
                Shape(RouteKernel, Blocks(tokens, RouteKernel.Threads / 32)), stream, rule,
                call.Logits, call.LogitsAreNarrow ? 1 : 0, call.SelectionBias, workspace.Ids, workspace.Weights, tokens, sizes.Experts);
        }

        var parts = Blocks(routes, RoutesOfPart);
        if (parts > 1)
        {
            CountKernel.Function.Launch(Shape(CountKernel, parts), stream, workspace.Ids, workspace.Counts, routes, sizes.Experts);
        }

        PlaceKernel.Function.Launch(
            Shape(PlaceKernel, parts), stream,
            workspace.Ids, workspace.Weights, parts > 1 ? workspace.Counts : 0L, workspace.Order, workspace.SortedWeights, workspace.Tiles, workspace.TileCount, workspace.NextItems,
            routes, sizes.Experts, together * TileRoutes, together * SpareRoutes);

        // What will hold the rows of the result holds the tokens until the second product begins.
        GatherKernel.Function.Launch(
            Shape(GatherKernel, Blocks(routes, GatherRows), Blocks(sizes.Hidden, GatherColumns * GatherKernel.Threads)), stream,
            call.X, workspace.Order, workspace.Rows, routes, sizes.Hidden, sizes.TopK);

        // Kernels of plain weights do not read the scales.
        var blocks = kernels.Device.Multiprocessors / together * together;
        GateUpKernel.Function.Launch(
            Shape(GateUpKernel, blocks) with { Cluster = together }, stream, WeightMap(call.W13, sizes.Experts * rows * sizes.Width, sizes.Hidden), activation.Values,
            TokenMap(workspace.Rows, routes, sizes.Hidden), call.W13Bias,
            workspace.SortedWeights, workspace.Order, workspace.Tiles, workspace.TileCount, workspace.NextItems, workspace.Hidden, sizes.Hidden, sizes.Width, plan.Group,
            call.W13.Scales, call.W13.ScaleShift, call.W13.ScaleRowBytes, call.W13.ScaleUnitBytes);
        DownKernel.Function.Launch(
            Shape(DownKernel, blocks) with { Cluster = together }, stream, WeightMap(call.W2, (long)sizes.Experts * sizes.Hidden, sizes.Width), activation.Values,
            TokenMap(workspace.Hidden, routes, sizes.Width), call.W2Bias,
            workspace.SortedWeights, workspace.Order, workspace.Tiles, workspace.TileCount, workspace.NextItems + sizeof(int), workspace.Rows, sizes.Width, sizes.Hidden, plan.Group,
            call.W2.Scales, call.W2.ScaleShift, call.W2.ScaleRowBytes, call.W2.ScaleUnitBytes);
        CombineKernel.Function.Launch(
            Shape(CombineKernel, Blocks(sizes.Hidden, 8 * CombineKernel.Threads), tokens), stream, workspace.Rows, call.Output, sizes.Hidden, sizes.TopK);
    }

    private TensorMap WeightMap(in DeviceMatrices matrices, long rows, int columns)
    {
        var bits = plan.Format.Bits;
        return plan.Format.IsCoded
            ? TensorMap.OfBytes(matrices.Values, rows, (long)columns * bits / 8, WeightBoxRows, BoxColumns * bits / 8)
            : TensorMap.Of(matrices.Values, rows, columns, WeightBoxRows, BoxColumns, IsBrainFloat);
    }

    private TensorMap TokenMap(long address, long rows, int columns) => TensorMap.Of((nint)address, rows, columns, TokenBoxRows, BoxColumns, IsBrainFloat);

    private bool IsBrainFloat => plan.Format.Activations == WeightFormat.BFloat16;

    private LoadedKernel Kernel(ExpertKernel kernel) => kernels.Get(new(kernel, kernels.Target), _sizes.Experts);

    private LaunchShape Shape(LoadedKernel kernel, long gridX, long gridY = 1) =>
        new(gridX, gridY, kernel.Threads, kernel.SharedBytes(_sizes.Experts), StartsEarly: true);
}
