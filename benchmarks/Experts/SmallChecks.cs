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

    internal static void Run(CudaDevice device)
    {
        foreach (var sizes in Sizes)
        {
            foreach (var tokens in new[] { 1, 5, 33, 100, 300, 900 })
            {
                if (CudaPlans.StreamingRefusal(sizes.Hidden, sizes.Width, isGated: true) is null)
                {
                    All(device, sizes, tokens, StreamPlans(), StreamPlan.For(sizes, tokens));
                }

                if (CudaPlans.TiledRefusal(device.Capability, sizes.Hidden, sizes.Width, isGated: false) is null)
                {
                    All(device, sizes, tokens, [new TiledPlan(1)], new TiledPlan(8));
                }
            }
        }
    }

    /// <summary>One activation with all plans, and one plan with all activations and routers.</summary>
    private static void All(CudaDevice device, in ExpertSizes sizes, int tokens, IEnumerable<LayerPlan> plans, LayerPlan usual)
    {
        foreach (var plan in plans)
        {
            One(device, sizes, tokens, default(SwiGlu), new SoftmaxTopKRouter(sizes.TopK, true), plan, bias: false);
        }

        One(device, sizes, tokens, new ClampedSwiGlu(7), new TopKSoftmaxRouter(sizes.TopK), usual, bias: true);
        One(device, sizes, tokens, default(GeGlu), new SigmoidTopKRouter(sizes.TopK, true, 2.5), usual, bias: true, selectionBias: true);
        One(device, sizes, tokens, default(SquaredRelu), new GroupLimitedSigmoidRouter(sizes.TopK, 4, 2, true, 2.5), usual, bias: true, selectionBias: true);
        One(device, sizes, tokens, default(GeGluTanh), new GroupLimitedSoftmaxRouter(sizes.TopK, 4, 2, 16), usual, bias: false);
        One(device, sizes, tokens, new Softsign(0.5), new TopKSoftmaxRouter(sizes.TopK), usual, bias: true);
    }

    /// <summary>Tiles of all shapes; small ones, since a block must not be wider than the experts.</summary>
    private static IEnumerable<LayerPlan> StreamPlans()
    {
        foreach (var tile in new TileShape[] { StreamPlan.Decode, StreamPlan.Few, StreamPlan.Busy, new(1, 1, 8, 4), new(4, 1, 2, 8), new(2, 8, 1, 8) })
        {
            yield return new StreamPlan(tile, tile, null, StartsEarly: true);
        }

        yield return new StreamPlan(StreamPlan.OneToken, StreamPlan.OneToken, StreamPlan.OneToken, StartsEarly: false);
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
