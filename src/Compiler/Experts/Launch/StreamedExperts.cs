using Moesaic.Native;

namespace Moesaic.Kernels;

/// <summary>A MoE layer for few tokens: route, w13 + activation, w2 and combine, in three or four launches and no wait of the host.</summary>
/// <remarks>
/// <code>
///   logits → route and align → gate up → down of token                     one token
///   logits → route and align → gate up → down → combine                    few tokens
///   logits → route → align → gate up → down → combine                      more tokens
/// </code>
/// What a token gets depends on nothing else in its batch: its sums have the same parts in the same order.
/// </remarks>
internal sealed class StreamedExperts<TActivation> : DeviceExperts
    where TActivation : unmanaged, IExpertActivation
{
    // One block routes them all; more tokens are worth a launch of many blocks.
    private const int TokensInOneBlock = 64;

    private readonly ExpertSizes _sizes;
    private readonly TActivation _activation;
    private readonly RoutingRule _rule;
    private readonly StreamPlan _plan;
    private readonly LoadedKernel _route;
    private readonly LoadedKernel _align;
    private readonly LoadedKernel _routeAndAlign;
    private readonly LoadedKernel _gateUp;
    private readonly LoadedKernel _down;
    private readonly LoadedKernel _combine;

    internal StreamedExperts(CudaDevice device, PtxCache cache, in ExpertSizes sizes, TActivation activation, RoutingRule rule, StreamPlan plan)
    {
        (_sizes, _activation, _rule, _plan) = (sizes, activation, rule, plan);
        var (gateUp, down) = (plan.GateUp, plan.DownOfToken ?? plan.Down);
        _route = new(device, cache, typeof(RouteKernel), [], new(32 * RouteKernel.Warps), RouteShared);
        _align = new(device, cache, typeof(AlignKernel), [], new(Alignment.Threads), Alignment.Bytes(sizes.Experts));
        _routeAndAlign = new(device, cache, typeof(RouteAndAlignKernel), [], new(Alignment.Threads), RouteAndAlignKernel.Bytes(sizes.Experts));
        _gateUp = new(device, cache, typeof(GateUpKernel), [typeof(TActivation), gateUp.Tile, gateUp.Sums, gateUp.TokenAddresses], gateUp.Bounds, gateUp.SharedBytes);
        _down = plan.DownOfToken is null
            ? new(device, cache, typeof(DownKernel), [down.Tile, down.Sums, down.TokenAddresses], down.Bounds, down.SharedBytes)
            : new(device, cache, typeof(DownOfTokenKernel), [down.Tile, down.Sums], down.Bounds, down.SharedBytes);
        _combine = new(device, cache, typeof(CombineKernel), [], new(CombineKernel.Threads), 0);
    }

    internal override IEnumerable<LoadedKernel> Kernels => [_route, _align, _routeAndAlign, _gateUp, _down, _combine];

    private int RouteShared => RouteKernel.Warps * RoutingRow.Floats(_sizes.Experts) * sizeof(float);

    internal override void Run(in StreamCall call, nint stream)
    {
        var workspace = new StreamWorkspace(call.Workspace, _sizes, call.Tokens);
        Route(call, workspace, stream);
        Multiply(call, workspace, stream);
    }

    /// <summary>Ids, weights and tiles of routes.</summary>
    internal void Route(in StreamCall call, in StreamWorkspace workspace, nint stream)
    {
        var (tokens, experts, tileRoutes) = (call.Tokens, _sizes.Experts, _plan.GateUp.Tokens);
        if (tokens <= TokensInOneBlock)
        {
            _routeAndAlign.Function.Launch(
                new(1, 1, Alignment.Threads, RouteAndAlignKernel.Bytes(experts), StartsEarly: _plan.StartsEarly), stream, _rule,
                call.Logits, call.SelectionBias, workspace.Ids, workspace.Weights, workspace.Order, workspace.Tiles, workspace.TileCount, tokens, experts, tileRoutes);
            return;
        }

        _route.Function.Launch(
            new(Blocks(tokens, RouteKernel.Warps), 1, 32 * RouteKernel.Warps, RouteShared, StartsEarly: _plan.StartsEarly), stream, _rule,
            call.Logits, call.SelectionBias, workspace.Ids, workspace.Weights, tokens, experts);
        _align.Function.Launch(
            new(1, 1, Alignment.Threads, Alignment.Bytes(experts), StartsEarly: _plan.StartsEarly), stream,
            workspace.Ids, workspace.Order, workspace.Tiles, workspace.TileCount, tokens * _sizes.TopK, experts, tileRoutes);
    }

    private void Multiply(in StreamCall call, in StreamWorkspace workspace, nint stream)
    {
        var (sizes, tokens) = (_sizes, call.Tokens);
        var tiles = MostTiles(tokens);
        var gateUp = _plan.GateUp;
        _gateUp.Function.Launch(
            new(Blocks(sizes.Width, (TActivation.IsGated ? 8 : 16) * gateUp.RowTiles), tiles, gateUp.Threads, gateUp.SharedBytes, StartsEarly: _plan.StartsEarly), stream, _activation,
            call.X, call.W13, call.W13Bias, workspace.Weights, workspace.Order, workspace.Tiles, workspace.TileCount, workspace.Hidden, sizes.Hidden, sizes.Width, sizes.TopK);

        var down = _plan.DownOfToken ?? _plan.Down;
        var blocks = Blocks(sizes.Hidden, 16 * down.RowTiles);
        if (_plan.DownOfToken is not null)
        {
            _down.Function.Launch(
                new(blocks, tokens, down.Threads, down.SharedBytes, StartsEarly: _plan.StartsEarly), stream,
                workspace.Hidden, call.W2, call.W2Bias, workspace.Ids, workspace.Weights, call.Output, sizes.Hidden, sizes.Width, sizes.TopK);
            return;
        }

        _down.Function.Launch(
            new(blocks, tiles, down.Threads, down.SharedBytes, StartsEarly: _plan.StartsEarly), stream,
            workspace.Hidden, call.W2, call.W2Bias, workspace.Weights, workspace.Order, workspace.Tiles, workspace.TileCount, workspace.Rows, sizes.Hidden, sizes.Width);
        _combine.Function.Launch(
            new(Blocks(sizes.Hidden, 8 * CombineKernel.Threads), tokens, CombineKernel.Threads, StartsEarly: _plan.StartsEarly), stream,
            workspace.Rows, call.Output, sizes.Hidden, sizes.TopK);
    }

    /// <summary>The most tiles that so many tokens can make: blocks beyond those that there are end at once.</summary>
    private long MostTiles(int tokens)
    {
        var routes = (long)tokens * _sizes.TopK;
        return Math.Min(routes, Math.Min(routes, _sizes.Experts) + (routes / _plan.GateUp.Tokens));
    }
}
