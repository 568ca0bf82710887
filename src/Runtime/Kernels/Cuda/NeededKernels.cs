namespace Moesaic.Kernels;

/// <summary>The kernels that the plans can choose: what a file of PTX holds.</summary>
internal static class NeededKernels
{
    private static readonly KernelTarget[] Targets = [KernelTarget.Ampere, KernelTarget.HopperOrLater];
    private static readonly TileShape[] Tiles = [StreamPlan.Decode, StreamPlan.Few, StreamPlan.Busy];
    private static readonly StreamPlan[] Streaming = [.. Tiles.Select(static tile => new StreamPlan(tile, tile, null, true)), new(Tiles[0], Tiles[0], StreamPlan.OneToken, true)];

    private static readonly ExpertKernel[] Shared =
        [ExpertKernel.Route, ExpertKernel.Align, ExpertKernel.RouteAndAlign, ExpertKernel.RouteToken, ExpertKernel.Count, ExpertKernel.Place, ExpertKernel.Combine];

    /// <summary>Those of any activation.</summary>
    internal static IEnumerable<KernelName> OfAll() =>
    [
        .. Targets.SelectMany(static target => Shared.Select(kernel => new KernelName(kernel, target))),
        .. Targets.SelectMany(static target => Streaming.Select(plan => plan.DownName(target))),
        TiledPlan.GatherName,
        TiledPlan.DownName,
        .. Targets.SelectMany(SmallBatch.Names),
    ];

    /// <summary>Those of one.</summary>
    internal static IEnumerable<KernelName> Of(Type activation) =>
    [
        .. Targets.SelectMany(target => Tiles.Select(tile => StreamPlan.GateUpName(activation, tile, target))),
        TiledPlan.GateUpName(activation),
    ];
}
