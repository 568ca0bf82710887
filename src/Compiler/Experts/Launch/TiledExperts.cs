using Moesaic.Native;

namespace Moesaic.Kernels;

/// <summary>A MoE layer for many tokens on Hopper: route, count, place, gate up, down, combine, and no wait of the host.</summary>
internal sealed class TiledExperts<TActivation> : DeviceExperts
    where TActivation : unmanaged, IExpertActivation
{
    // A part of the alignment has so many routes: few steps for each of its warps.
    private const int RoutesOfPart = 4096;

    private readonly ExpertSizes _sizes;
    private readonly TActivation _activation;
    private readonly RoutingRule _rule;
    private readonly TiledPlan _plan;
    private readonly LoadedKernel _route;
    private readonly LoadedKernel _count;
    private readonly LoadedKernel _place;
    private readonly LoadedKernel _gateUp;
    private readonly LoadedKernel _down;
    private readonly LoadedKernel _combine;
    private readonly long _blocks;

    internal TiledExperts(CudaDevice device, PtxCache cache, in ExpertSizes sizes, TActivation activation, RoutingRule rule, TiledPlan plan)
    {
        (_sizes, _activation, _rule, _plan) = (sizes, activation, rule, plan);
        _route = new(device, cache, typeof(RouteKernel), [], new(32 * RouteKernel.Warps), RouteShared);
        _count = new(device, cache, typeof(CountKernel), [], new(Alignment.Threads), CountKernel.Bytes(sizes.Experts));
        _place = new(device, cache, typeof(PlaceKernel), [], new(Alignment.Threads), Alignment.Bytes(sizes.Experts));
        _gateUp = Tiled(device, cache, typeof(GateUpRole));
        _down = Tiled(device, cache, typeof(DownRole));
        _combine = new(device, cache, typeof(CombineKernel), [], new(CombineKernel.Threads), 0);
        _blocks = device.Multiprocessors;
    }

    internal override IEnumerable<LoadedKernel> Kernels => [_route, _count, _place, _gateUp, _down, _combine];

    private int RouteShared => RouteKernel.Warps * RoutingRow.Floats(_sizes.Experts) * sizeof(float);

    internal override void Run(in StreamCall call, nint stream)
    {
        var (sizes, tokens, rows) = (_sizes, call.Tokens, TActivation.IsGated ? 2L : 1L);
        var workspace = new StreamWorkspace(call.Workspace, sizes, tokens);
        var routes = tokens * sizes.TopK;
        _route.Function.Launch(
            new(Blocks(tokens, RouteKernel.Warps), 1, 32 * RouteKernel.Warps, RouteShared, StartsEarly: true), stream, _rule,
            call.Logits, call.SelectionBias, workspace.Ids, workspace.Weights, tokens, sizes.Experts);

        var parts = Blocks(routes, RoutesOfPart);
        _count.Function.Launch(
            new(parts, 1, Alignment.Threads, CountKernel.Bytes(sizes.Experts), StartsEarly: true), stream, workspace.Ids, workspace.Counts, routes, sizes.Experts);
        _place.Function.Launch(
            new(parts, 1, Alignment.Threads, Alignment.Bytes(sizes.Experts), StartsEarly: true), stream,
            workspace.Ids, workspace.Weights, workspace.Counts, workspace.Order, workspace.SortedWeights, workspace.Tiles, workspace.TileCount, workspace.NextItems, routes, sizes.Experts, _plan.Tokens);

        var shape = new LaunchShape(_blocks, 1, TiledKernel.Threads, _plan.SharedBytes, StartsEarly: true);
        _gateUp.Function.Launch(
            shape, stream, TensorMap.Of(call.W13, sizes.Experts * rows * sizes.Width, sizes.Hidden, 128, TiledProduct.StepColumns, true), _activation,
            TensorMap.Of(call.X, tokens, sizes.Hidden, TiledKernel.TokenBoxRows, TiledProduct.StepColumns, true), call.X, call.W13Bias, workspace.SortedWeights, workspace.Order, workspace.Tiles, workspace.TileCount, workspace.NextItems, workspace.Hidden, sizes.Hidden, sizes.Width, sizes.TopK, _plan.Group);
        _down.Function.Launch(
            shape, stream, TensorMap.Of(call.W2, (long)sizes.Experts * sizes.Hidden, sizes.Width, 128, TiledProduct.StepColumns, true), _activation,
            TensorMap.Of((nint)workspace.Hidden, routes, sizes.Width, TiledKernel.TokenBoxRows, TiledProduct.StepColumns, true), workspace.Hidden, call.W2Bias, workspace.SortedWeights, workspace.Order, workspace.Tiles, workspace.TileCount, workspace.NextItems + 4, workspace.Rows, sizes.Width, sizes.Hidden, sizes.TopK, _plan.Group);
        _combine.Function.Launch(
            new(Blocks(sizes.Hidden, 8 * CombineKernel.Threads), tokens, CombineKernel.Threads, StartsEarly: true), stream,
            workspace.Rows, call.Output, sizes.Hidden, sizes.TopK);
    }

    private LoadedKernel Tiled(CudaDevice device, PtxCache cache, Type role) => new(
        device, cache, typeof(TiledKernel), [typeof(TActivation), role, _plan.Shape], new(TiledKernel.Threads), _plan.SharedBytes, KernelTarget.Hopper);
}
