namespace Moesaic.Kernels;

/// <summary>The kernels that the plans can choose: what a file of PTX holds.</summary>
internal static class NeededKernels
{
    private static readonly KernelTarget[] Targets = [KernelTarget.Ampere, KernelTarget.HopperOrLater];
    private static readonly TileShape[] Tiles = [StreamPlan.Decode, StreamPlan.Few, StreamPlan.Busy];

    private static readonly ExpertKernel[] Shared =
        [ExpertKernel.Route, ExpertKernel.Align, ExpertKernel.RouteAndAlign, ExpertKernel.Count, ExpertKernel.Place, ExpertKernel.Combine];

    /// <summary>Those of any activation.</summary>
    internal static IEnumerable<KernelName> OfAll() =>
    [
        .. Targets.SelectMany(static target => Shared.Select(kernel => new KernelName(kernel, target))),
        .. Targets.SelectMany(static target => Tiles.Select(tile => new KernelName(ExpertKernel.Down, target) { Tile = tile })),
        .. Targets.Select(static target => new KernelName(ExpertKernel.DownOfToken, target) { Tile = StreamPlan.OneToken }),
        new(ExpertKernel.TiledDown, KernelTarget.Hopper),
    ];

    /// <summary>Those of one.</summary>
    internal static IEnumerable<KernelName> Of(Type activation) =>
    [
        .. Targets.SelectMany(target => Tiles.Select(tile => new KernelName(ExpertKernel.GateUp, target) { Activation = activation, Tile = tile })),
        new(ExpertKernel.TiledGateUp, KernelTarget.Hopper) { Activation = activation },
    ];
}
