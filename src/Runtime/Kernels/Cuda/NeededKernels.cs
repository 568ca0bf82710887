namespace Moesaic.Kernels;

/// <summary>The kernels that the plans can choose: what a file of PTX holds.</summary>
internal static class NeededKernels
{
    private static readonly KernelTarget[] Targets = [KernelTarget.Ampere, KernelTarget.HopperOrLater];
    private static readonly WeightFormat[] AllFormats = Enum.GetValues<WeightFormat>();

    private static readonly ExpertKernel[] Routing = [ExpertKernel.Route, ExpertKernel.Align, ExpertKernel.Count, ExpertKernel.Place];

    /// <summary>Those of any activation, for weights of these formats, or of all.</summary>
    internal static IEnumerable<KernelName> OfAll(params IReadOnlyCollection<WeightFormat> formats) =>
    [
        .. Targets.SelectMany(static target => Routing.Select(kernel => new KernelName(kernel, target))),
        .. Targets.SelectMany(target => Plans(formats), static (target, plan) => plan.DownName(target)).Distinct(),
        .. Targets.SelectMany(target => Plans(formats), static (target, plan) => plan.CombineName(target)).Distinct(),
        TiledPlan.GatherName,
        .. Tiled(formats).Select(static plan => plan.DownName),
        .. Targets.SelectMany(SmallBatch.Names),
    ];

    /// <summary>Those of one.</summary>
    internal static IEnumerable<KernelName> Of(Type activation, params IReadOnlyCollection<WeightFormat> formats) =>
    [
        .. Targets.SelectMany(target => Plans(formats), (target, plan) => plan.GateUpName(activation, target)).Distinct(),
        .. Tiled(formats).Select(plan => plan.GateUpName(activation)),
    ];

    private static IReadOnlyCollection<WeightFormat> Asked(IReadOnlyCollection<WeightFormat> formats) => formats.Count == 0 ? AllFormats : formats;

    private static IEnumerable<TiledPlan> Tiled(IReadOnlyCollection<WeightFormat> formats)
    {
        var plans = Asked(formats).Select(static format => new TiledPlan(1, format));
        return Asked(formats).Contains(WeightFormat.BFloat16) ? plans.Append(new(1, InPairs: true)) : plans;
    }

    private static IEnumerable<StreamPlan> Plans(IReadOnlyCollection<WeightFormat> formats) => Asked(formats).SelectMany(Plans);

    private static IEnumerable<StreamPlan> Plans(WeightFormat format)
    {
        var tiles = StreamTiles.Of(format);
        return tiles.OfRoutes.Select(tile => new StreamPlan(tile, tile, null, true, format)).Concat(tiles.OfToken.Select(pair => StreamPlan.OfToken(pair, format)));
    }
}
