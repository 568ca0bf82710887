using System.Globalization;
using Moesaic.Kernels;
using Moesaic.Native;

namespace Moesaic.Benchmarks.Experts;

/// <summary>Every tile, activation and router at sizes that a memory checker can bear: ragged, biased, ungated, crowded.</summary>
internal static class SmallChecks
{
    private static readonly ExpertSizes[] Sizes = [new(160, 96, 8, 2), new(256, 224, 40, 8), new(272, 344, 8, 4), new(512, 256, 16, 8)];

    /// <summary>Whether any did not agree.</summary>
    internal static bool Failed { get; private set; }

    internal static void Run(CudaDevice device, bool onlyTiled)
    {
        foreach (var sizes in Sizes.Where(sizes => !onlyTiled || sizes.Width >= 256))
        {
            foreach (var tokens in new[] { 1, 5, 33, 100, 300, 900 })
            {
                foreach (var plan in Plans().Where(plan => plan is StreamPlan ? !onlyTiled && sizes.Hidden % 32 == 0 && sizes.Width % 32 == 0 : sizes.Width >= 256))
                {
                    One(device, sizes, tokens, default(SwiGlu), new SoftmaxTopKRouter(sizes.TopK, true), plan, bias: false);
                }

                if (!onlyTiled && sizes.Hidden % 32 == 0 && sizes.Width % 32 == 0)
                {
                One(device, sizes, tokens, new ClampedSwiGlu(7), new TopKSoftmaxRouter(sizes.TopK), StreamPlan.For(sizes, tokens), bias: true);
                One(device, sizes, tokens, default(GeGlu), new SigmoidTopKRouter(sizes.TopK, true, 2.5), StreamPlan.For(sizes, tokens), bias: true, selectionBias: true);
                One(device, sizes, tokens, default(SquaredRelu), new GroupLimitedSigmoidRouter(sizes.TopK, 4, 2, true, 2.5), StreamPlan.For(sizes, tokens), bias: true, selectionBias: true);
                One(device, sizes, tokens, default(GeGluTanh), new GroupLimitedSoftmaxRouter(sizes.TopK, 4, 2, 16), StreamPlan.For(sizes, tokens), bias: false);
                One(device, sizes, tokens, new Softsign(0.5), new TopKSoftmaxRouter(sizes.TopK), StreamPlan.For(sizes, tokens), bias: true);
                }

                if (sizes.Width >= 256)
                {
                    One(device, sizes, tokens, new ClampedSwiGlu(7), new TopKSoftmaxRouter(sizes.TopK), new TiledPlan(32, 8), bias: true);
                    One(device, sizes, tokens, default(SquaredRelu), new GroupLimitedSigmoidRouter(sizes.TopK, 4, 2, true, 2.5), new TiledPlan(64, 1), bias: true, selectionBias: true);
                    One(device, sizes, tokens, new Softsign(0.5), new TopKSoftmaxRouter(sizes.TopK), new TiledPlan(128, 8), bias: true);
                    One(device, sizes, tokens, default(SquaredRelu), new TopKSoftmaxRouter(sizes.TopK), new TiledPlan(128, 8), bias: true);
                    One(device, sizes, tokens, new ClampedSwiGlu(7), new TopKSoftmaxRouter(sizes.TopK), new TiledPlan(128, 2), bias: true);
                }
            }
        }
    }

    /// <summary>Tiles of all shapes; small ones, since a block must not be wider than the experts.</summary>
    private static IEnumerable<LayerPlan> Plans()
    {
        foreach (var tile in new TileShape[] { new(1, 1, 8, 4), new(2, 1, 4, 8), new(4, 1, 2, 8), new(4, 2, 2, 8), new(2, 4, 2, 8), new(2, 2, 2, 4), new(2, 8, 1, 8) })
        {
            yield return new StreamPlan(tile, tile, null, StartsEarly: true);
        }

        yield return new TiledPlan(32, 4);
        yield return new TiledPlan(64, 1);
        yield return new TiledPlan(128, 8);
        var narrow = new TileShape(1, 1, 8, 16);
        yield return new StreamPlan(narrow, narrow, narrow, StartsEarly: false);
    }

    private static void One<TActivation>(
        CudaDevice device, in ExpertSizes sizes, int tokens, TActivation activation, IRuledRouter router, LayerPlan plan, bool bias, bool selectionBias = false)
        where TActivation : unmanaged, IExpertActivation
    {
        using var layer = new Layer(sizes, TActivation.IsGated, bias);
        double error;
        try
        {
            error = Check.Run(device, sizes, tokens, activation, router, plan, layer, selectionBias);
        }
        catch (InvalidOperationException e)
        {
            Console.WriteLine($"FAILED {e.Message}");
            Failed = true;
            return;
        }

        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"ok {sizes.Hidden},{sizes.Width},{sizes.Experts},{sizes.TopK} M={tokens} {activation.GetType().Name} {router.GetType().Name} {plan}: {error:E1}"));
    }
}
