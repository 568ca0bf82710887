using System.Globalization;
using Moesaic.Kernels;
using Moesaic.Native;

namespace Moesaic.Benchmarks.Experts;

/// <summary>Every tile, activation, router and format at sizes that a memory checker can bear: ragged, biased, ungated, crowded.</summary>
/// <param name="device">Null to compile the kernels only.</param>
/// <param name="compile">How, then.</param>
/// <param name="words">All of them in the names of the plans.</param>
internal sealed class SmallChecks(CudaDevice? device, Action<LayerPlan, Type>? compile = null, params string[] words)
{
    private static readonly ExpertSizes[] Sizes = [new(160, 96, 8, 2), new(256, 224, 40, 8), new(272, 344, 8, 4), new(512, 256, 16, 8), new(512, 256, 24, 1)];

    // Of each format but bf16: what it has of its own. 160 and 224 are no multiples of the 128 columns of a scale.
    private static readonly ExpertSizes[] SizesOfOthers = [new(160, 96, 8, 2), new(256, 224, 40, 8), new(416, 544, 8, 4)];

    private readonly (int Major, int Minor) _capability = device?.Capability ?? (9, 0);

    /// <summary>Whether any did not agree.</summary>
    internal bool Failed { get; private set; }

    /// <summary>All of them.</summary>
    internal void Run()
    {
        foreach (var sizes in Sizes)
        {
            foreach (var tokens in new[] { 1, 5, 33, 100, 300, 900 })
            {
                if (CudaPlans.StreamingRefusal(sizes.Hidden, sizes.Width, isGated: true) is null)
                {
                    All(sizes, tokens, StreamPlans(WeightFormat.BFloat16), StreamPlan.For(sizes, tokens));
                }

                if (CudaPlans.TiledRefusal(_capability, sizes.Hidden, sizes.Width, isGated: false) is null)
                {
                    All(sizes, tokens, [new TiledPlan(1)], new TiledPlan(8));
                    All(sizes, tokens, [], new TiledPlan(8, InPairs: true));
                }
            }
        }

        foreach (var format in Enum.GetValues<WeightFormat>().Where(static format => format != WeightFormat.BFloat16))
        {
            foreach (var sizes in SizesOfOthers)
            {
                foreach (var tokens in new[] { 1, 5, 33, 300 })
                {
                    All(sizes, tokens, StreamPlans(format), StreamPlan.For(sizes, tokens, format), format);
                    if (CudaPlans.TiledRefusal(_capability, sizes.Hidden, sizes.Width, isGated: false, format) is null)
                    {
                        All(sizes, tokens, [], new TiledPlan(8, format), format);
                    }
                }
            }
        }

        RunCodedTiles();
    }

    /// <summary>Codes in tiles: every number of routes that a tile treats in a way of its own, and sizes that end within 64, 128 and 256 columns.</summary>
    internal void RunCodedTiles()
    {
        if (CudaPlans.TiledRefusal(_capability, 256, 256, isGated: false) is not null)
        {
            return;
        }

        WeightFormat[] coded = [WeightFormat.E2M1, WeightFormat.E4M3];
        ExpertSizes[] all = [new(256, 256, 8, 2), new(288, 352, 8, 2), new(2880, 2880, 8, 1), new(768, 2048, 8, 4)];
        foreach (var (format, sizes) in coded.SelectMany(_ => all, static (format, sizes) => (format, sizes)))
        {
            foreach (var tokens in new[] { 1, 5, 33, 100, 250, 390, 470, 500, 620, 900, 1500 })
            {
                One(sizes, tokens, default(SwiGlu), new SoftmaxTopKRouter(sizes.TopK, true), new TiledPlan(8, format), bias: true);
            }
        }

        foreach (var (format, sizes) in coded.SelectMany(_ => all, static (format, sizes) => (format, sizes)))
        {
            All(sizes, 200, [new TiledPlan(1, format)], new TiledPlan(8, format), format);
        }
    }

    /// <summary>One call of each kernel at least, for a checker that makes kernels tens of times slower.</summary>
    internal void RunFew()
    {
        var sizes = new ExpertSizes(160, 96, 6, 2);
        foreach (var format in Enum.GetValues<WeightFormat>())
        {
            foreach (var tile in StreamTiles.Of(format).OfRoutes)
            {
                One(sizes, 7, default(SwiGlu), new SoftmaxTopKRouter(sizes.TopK, true), new StreamPlan(tile, tile, null, true, format), bias: true);
            }

            foreach (var pair in StreamTiles.Of(format).OfToken)
            {
                One(sizes, 1, default(SwiGlu), new SoftmaxTopKRouter(sizes.TopK, true), StreamPlan.OfToken(pair, format), bias: true);
            }

            One(sizes, 5, default(SquaredRelu), new SoftmaxTopKRouter(sizes.TopK, true), StreamPlan.For(sizes, 5, format), bias: true);
        }

        One(sizes, 70, default(SwiGlu), new GroupLimitedSigmoidRouter(sizes.TopK, 2, 1, true, 2.5), StreamPlan.For(sizes, 70), bias: false, selectionBias: true);
        var tiled = new ExpertSizes(264, 136, 4, 2);
        if (CudaPlans.TiledRefusal(_capability, tiled.Hidden, tiled.Width, isGated: true) is null)
        {
            foreach (var inPairs in new[] { false, true })
            {
                One(tiled, 100, default(SwiGlu), new SoftmaxTopKRouter(tiled.TopK, true), new TiledPlan(8, InPairs: inPairs), bias: true);
                One(new(264, 264, 4, 2), 300, default(SquaredRelu), new SoftmaxTopKRouter(tiled.TopK, true), new TiledPlan(8, InPairs: inPairs), bias: false);
            }

            // So many routes are sorted by several blocks.
            One(tiled, 600, default(SwiGlu), new SoftmaxTopKRouter(tiled.TopK, true), new TiledPlan(8), bias: true);
            One(tiled, 100, default(SwiGlu), new SoftmaxTopKRouter(tiled.TopK, true), new TiledPlan(8, WeightFormat.Float16), bias: true);
            foreach (var format in new[] { WeightFormat.E4M3, WeightFormat.E2M1 })
            {
                One(new(288, 160, 4, 2), 100, default(SwiGlu), new SoftmaxTopKRouter(tiled.TopK, true), new TiledPlan(8, format), bias: true);
            }
        }
    }

    /// <summary>One activation with all plans, and one plan with all activations and routers.</summary>
    private void All(in ExpertSizes sizes, int tokens, IEnumerable<LayerPlan> plans, LayerPlan usual, WeightFormat format = WeightFormat.BFloat16)
    {
        foreach (var plan in plans)
        {
            One(sizes, tokens, default(SwiGlu), new SoftmaxTopKRouter(sizes.TopK, true), plan, bias: false);
        }

        One(sizes, tokens, new ClampedSwiGlu(7), new TopKSoftmaxRouter(sizes.TopK), usual, bias: true);
        One(sizes, tokens, default(GeGlu), new SigmoidTopKRouter(sizes.TopK, true, 2.5), usual, bias: true, selectionBias: true);
        One(sizes, tokens, default(SquaredRelu), new GroupLimitedSigmoidRouter(sizes.TopK, 4, 2, true, 2.5), usual, bias: true, selectionBias: true);
        foreach (var grid in format == WeightFormat.E4M3 ? ScaleGrid.Others : [])
        {
            One(sizes, tokens, default(SwiGlu), new SoftmaxTopKRouter(sizes.TopK, true), usual, bias: true, grid: grid);
        }

        if (format != WeightFormat.BFloat16)
        {
            return;
        }

        One(sizes, tokens, default(GeGluTanh), new GroupLimitedSoftmaxRouter(sizes.TopK, 4, 2, 16), usual, bias: false);
        One(sizes, tokens, new Softsign(0.5), new TopKSoftmaxRouter(sizes.TopK), usual, bias: true);
    }

    /// <summary>Tiles of all shapes; small ones, since a block must not be wider than the experts.</summary>
    private static IEnumerable<LayerPlan> StreamPlans(WeightFormat format)
    {
        var tiles = StreamTiles.Of(format);
        TileShape[] others = format == WeightFormat.BFloat16 ? [new(1, 1, 8, 4), new(4, 1, 2, 8), new(2, 8, 1, 8)] : [];
        foreach (var tile in tiles.OfRoutes.Concat(others))
        {
            yield return new StreamPlan(tile, tile, null, StartsEarly: true, format);
        }

        foreach (var pair in tiles.OfToken)
        {
            yield return StreamPlan.OfToken(pair, format);
        }

        yield return StreamPlan.OfToken(tiles.Narrow, format) with { StartsEarly = false };
    }

    private void One<TActivation>(
        in ExpertSizes sizes, int tokens, TActivation activation, IRuledRouter router, LayerPlan plan, bool bias, bool selectionBias = false, ScaleGrid? grid = null)
        where TActivation : unmanaged, IExpertActivation
    {
        if (!words.All(plan.ToString()!.Contains))
        {
            return;
        }

        if (device is null)
        {
            compile!(plan, typeof(TActivation));
            if (plan is TiledPlan && plan.Format.IsCoded)
            {
                compile!(plan with { Format = WeightFormat.BFloat16 }, typeof(TActivation));
            }

            return;
        }

        using var layer = new Layer(sizes, TActivation.IsGated, bias, plan.Format, grid);
        double error;
        try
        {
            error = Check.Run(device, sizes, tokens, activation, router, plan, layer, selectionBias);
            if (plan is TiledPlan tiled && plan.Format.IsCoded)
            {
                Check.SameAsLoaded(device, sizes, tokens, activation, router, tiled, layer);
            }
        }
        catch (Exception e) when (e is InvalidOperationException or MoesaicException)
        {
            Console.WriteLine($"FAILED {e.Message.Split('\n')[0]}");
            Failed = true;
            return;
        }

        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"ok {sizes.Hidden},{sizes.Width},{sizes.Experts},{sizes.TopK} M={tokens} {activation.GetType().Name} {router.GetType().Name} {plan}: {error:E1}"));
    }
}
