using Moesaic.Native;

namespace Moesaic.Kernels;

/// <summary>A MoE layer for few tokens: route, w13 + activation, w2 and combine, in three to five launches and no wait of the host.</summary>
/// <remarks>
/// <code>
///   logits → route → gate up → down of token                               one token
///   logits → route → align → gate up → down → combine                      more
/// </code>
/// What a token gets depends on nothing else in its batch: its sums have the same parts in the same order.
/// A call that brings its routes leaves out the routing, and nothing else.
/// </remarks>
internal sealed class StreamedExperts(KernelLibrary kernels, in ExpertSizes sizes, DeviceActivation activation, RoutingRule rule, StreamPlan plan) : DeviceExperts
{
    // Fewer are not worth a block.
    private const int LeastColumns = 8;

    private readonly ExpertSizes _sizes = sizes;

    internal override IEnumerable<LoadedKernel> Kernels => [RouteKernel, AlignKernel, GateUpKernel, DownKernel, CombineKernel];

    private LoadedKernel RouteKernel => field ??= Kernel(ExpertKernel.Route);

    private LoadedKernel AlignKernel => field ??= Kernel(ExpertKernel.Align);

    private LoadedKernel GateUpKernel => field ??= kernels.Get(plan.GateUpName(activation.Type, kernels.Target));

    private LoadedKernel DownKernel => field ??= kernels.Get(plan.DownName(kernels.Target));

    private LoadedKernel CombineKernel => field ??= kernels.Get(plan.CombineName(kernels.Target));

    internal override void Run(in StreamCall call, nint stream)
    {
        var workspace = new StreamWorkspace(call, _sizes);
        Route(call, workspace, stream);
        Multiply(call, workspace, stream);
    }

    /// <summary>Ids, weights and tiles of routes.</summary>
    private void Route(in StreamCall call, in StreamWorkspace workspace, nint stream)
    {
        var (tokens, experts, tileRoutes) = (call.Tokens, _sizes.Experts, plan.GateUp.Tokens);
        if (call.Ids == 0)
        {
            RouteKernel.Function.Launch(
                Shape(RouteKernel, Blocks(tokens, RouteKernel.Threads / 32)), stream, rule,
                call.Logits, call.LogitsAreNarrow ? 1 : 0, call.SelectionBias, workspace.Ids, workspace.Weights, tokens, experts);
        }

        if (IsSorted)
        {
            AlignKernel.Function.Launch(
                Shape(AlignKernel), stream, workspace.Ids, workspace.Order, workspace.Tiles, workspace.TileCount, tokens * _sizes.TopK, experts, tileRoutes);
        }
    }

    private void Multiply(in StreamCall call, in StreamWorkspace workspace, nint stream)
    {
        var (sizes, tokens) = (_sizes, call.Tokens);
        var tiles = IsSorted ? MostTiles(tokens) : (long)tokens * sizes.TopK;
        GateUpKernel.Function.Launch(
            Shape(GateUpKernel, Blocks(sizes.Width, (activation.IsGated ? 8 : 16) * plan.GateUp.RowTiles), tiles), stream, activation.Values,
            call.X, call.W13.Values, call.W13.Scales, call.W13.ScaleShift, call.W13.ScaleRowBytes, call.W13.ScaleUnitBytes, call.W13Bias,
            workspace.Ids, workspace.Weights, IsSorted ? workspace.Order : 0L, IsSorted ? workspace.Tiles : 0L, workspace.TileCount, workspace.Hidden, sizes.Hidden, sizes.Width, sizes.TopK);

        if (plan.DownOfToken is { } tile)
        {
            // Codes: a scale may be of eight rows together, and of MXFP4 whole tiles were faster.
            var most = 16 * tile.RowTiles;
            var columns = plan.Format.IsCoded ? most : Balanced(sizes.Hidden, most, kernels.Device.Multiprocessors);
            DownKernel.Function.Launch(
                Shape(DownKernel, Blocks(sizes.Hidden, columns), tokens), stream,
                workspace.Hidden, call.W2.Values, call.W2.Scales, call.W2.ScaleShift, call.W2.ScaleRowBytes, call.W2.ScaleUnitBytes, call.W2Bias, workspace.Ids, workspace.Weights, call.Output, sizes.Hidden, sizes.Width, sizes.TopK, columns);
            return;
        }

        DownKernel.Function.Launch(
            Shape(DownKernel, Blocks(sizes.Hidden, 16 * plan.Down.RowTiles), tiles), stream,
            workspace.Hidden, call.W2.Values, call.W2.Scales, call.W2.ScaleShift, call.W2.ScaleRowBytes, call.W2.ScaleUnitBytes, call.W2Bias, workspace.Weights, workspace.Order, workspace.Tiles, workspace.TileCount, workspace.Rows, sizes.Hidden, sizes.Width);
        CombineKernel.Function.Launch(
            Shape(CombineKernel, Blocks(sizes.Hidden, 8 * CombineKernel.Threads), tokens), stream, workspace.Rows, call.Output, sizes.Hidden, sizes.TopK);
    }

    /// <summary>Columns of a block that give each multiprocessor about as many: of gpt-oss, 11 of 2880 for 262 blocks, where 16 would make 180.</summary>
    /// <param name="most">Those of the kernel's tile.</param>
    internal static int Balanced(int columns, int most, int multiprocessors)
    {
        var rounds = Blocks(columns, (long)most * multiprocessors);
        return (int)Math.Clamp(Blocks(columns, rounds * multiprocessors), LeastColumns, most);
    }

    /// <summary>Routes of one token need no order: each has an expert of its own.</summary>
    private bool IsSorted => plan.DownOfToken is null;

    private LoadedKernel Kernel(ExpertKernel kernel) => kernels.Get(new(kernel, kernels.Target), _sizes.Experts);

    private LaunchShape Shape(LoadedKernel kernel, long gridX = 1, long gridY = 1) =>
        new(gridX, gridY, kernel.Threads, kernel.SharedBytes(_sizes.Experts), StartsEarly: plan.StartsEarly && kernels.Target.HasEarlyStart);

    /// <summary>The most tiles that so many tokens can make: blocks beyond those that there are end at once.</summary>
    private long MostTiles(int tokens)
    {
        var routes = (long)tokens * _sizes.TopK;
        return Math.Min(routes, Math.Min(routes, _sizes.Experts) + (routes / plan.GateUp.Tokens));
    }
}
