namespace Moesaic.Kernels;

/// <summary>The kernels that the plans can choose: what a file of PTX holds.</summary>
internal static class NeededKernels
{
    private static readonly KernelTarget[] Targets = [KernelTarget.Ampere, KernelTarget.HopperOrLater];
    private static readonly WeightFormat[] Formats = Enum.GetValues<WeightFormat>();

    private static readonly TiledPlan[] Tiled =
        [.. Formats.Select(static format => new TiledPlan(1, format)), new(1, InPairs: true)];

    private static readonly ExpertKernel[] Routing =
        [ExpertKernel.Route, ExpertKernel.Align, ExpertKernel.RouteAndAlign, ExpertKernel.Count, ExpertKernel.Place];

    /// <summary>Those of any activation.</summary>
    internal static IEnumerable<KernelName> OfAll() =>
    [
        .. Targets.SelectMany(static target => Routing.Select(kernel => new KernelName(kernel, target))),
        .. Targets.SelectMany(static target => Formats.SelectMany(Plans), static (target, plan) => plan.DownName(target)).Distinct(),
        .. Targets.SelectMany(static target => Formats.SelectMany(Plans), static (target, plan) => plan.CombineName(target)).Distinct(),
        TiledPlan.GatherName,
        .. Tiled.Select(static plan => plan.DownName),
        .. Targets.SelectMany(SmallBatch.Names),
    ];

    /// <summary>Those of one.</summary>
    internal static IEnumerable<KernelName> Of(Type activation) =>
    [
        .. Targets.SelectMany(static target => Formats.SelectMany(Plans), (target, plan) => plan.GateUpName(activation, target)).Distinct(),
        .. Tiled.Select(plan => plan.GateUpName(activation)),
    ];

    private static IEnumerable<StreamPlan> Plans(WeightFormat format)
    {
        var tiles = StreamTiles.Of(format);
        return tiles.OfRoutes.Select(tile => new StreamPlan(tile, tile, null, true, format)).Concat(tiles.OfToken.Select(pair => StreamPlan.OfToken(pair, format)));
    }
}
