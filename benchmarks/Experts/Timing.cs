using System.Globalization;
using Moesaic.Kernels;
using Moesaic.Native;
using static TorchSharp.torch;

namespace Moesaic.Benchmarks.Experts;

/// <summary>Device time of the whole layer, from router logits to combined output, against the bytes it must read.</summary>
internal static class Timing
{
    // Layers of a graph, each with its own tokens: their experts differ, so no layer finds its weights in the cache.
    private const int Layers = 16;

    internal static void Run(CudaDevice device, Preset preset, int[] batches, double bytesPerSecond, double flopsPerSecond, TextWriter csv)
    {
        var sizes = preset.Sizes;
        using var layer = new Layer(sizes, gated: true, bias: false, preset.Format);
        using var timer = new GpuTimer();
        var router = new SoftmaxTopKRouter(sizes.TopK, normTopkProb: true);
        foreach (var tokens in batches)
        {
            using var scope = NewDisposeScope();
            var x = layer.Normal(1, Layers, tokens, sizes.Hidden);
            var logits = randn(Layers, tokens, sizes.Experts, float32, CUDA);
            var active = Active(logits, sizes);
            var weights = layer.Bytes / sizes.Experts * active;
            var floor = Math.Max(weights / bytesPerSecond, 6.0 * sizes.Width * sizes.Hidden * tokens * sizes.TopK / flopsPerSecond) * 1e3;
            var best = (Time: double.PositiveInfinity, Plan: (LayerPlan)StreamPlan.For(sizes, tokens, preset.Format));
            foreach (var plan in Plans(sizes, tokens, preset.Format))
            {
                var time = double.NaN;
                var error = double.NaN;
                var note = "";
                try
                {
                    error = Check.Run(device, sizes, tokens, default(SwiGlu), router, plan, layer, selectionBias: false);
                    time = Time(device, timer, layer, sizes, plan, router, x, logits);
                }
                catch (Exception e) when (e is MoesaicException or InvalidOperationException)
                {
                    note = e.Message;
                }

                best = time < best.Time ? (time, plan) : best;
                csv.WriteLine(string.Create(
                    CultureInfo.InvariantCulture,
                    $"{preset.Name},{tokens},{active:F1},{floor:F4},{time:F4},{floor / time:F3},{error:E1},{plan},{note}"));
            }

            var grouped = preset.Format.IsCoded ? double.NaN : Grouped(device, layer, sizes, router, x, logits);
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"| {preset.Name} | {tokens} | {active:F1} | {floor:F4} | {best.Time:F4} | {floor / best.Time:F2} | {grouped:F4} | {best.Plan} |"));
            csv.Flush();
        }
    }

    /// <summary>A few runs of one layer, for a profiler.</summary>
    internal static void Once(CudaDevice device, Preset preset, int tokens)
    {
        var sizes = preset.Sizes;
        var plan = CudaPlans.For(device.Capability, sizes, isGated: true, tokens, preset.Format);
        using var scope = NewDisposeScope();
        using var layer = new Layer(sizes, gated: true, bias: false, preset.Format);
        var experts = plan.Load(device, PtxCache.OfUser, sizes, default(SwiGlu), new SoftmaxTopKRouter(sizes.TopK, normTopkProb: true).Rule);
        var x = layer.Normal(1, tokens, sizes.Hidden);
        var logits = randn(tokens, sizes.Experts, float32, CUDA);
        var workspace = zeros(new StreamWorkspace(0, sizes, tokens).Bytes, ScalarType.Byte, CUDA);
        var output = empty(tokens, sizes.Hidden, ScalarType.BFloat16, CUDA);
        for (var i = 0; i < 3; i++)
        {
            experts.Run(layer.Call(x, logits, null, workspace, output), device.TorchStream());
        }

        cuda.synchronize();
    }

    /// <summary>Those that are timed.</summary>
    internal static IEnumerable<LayerPlan> Plans(ExpertSizes sizes, int tokens, WeightFormat format) =>
        format.IsCoded ? CodedPlans(sizes, tokens, format) : PlainPlans(sizes, tokens, format);

    private static IEnumerable<LayerPlan> PlainPlans(ExpertSizes sizes, int tokens, WeightFormat format)
    {
        var mean = (double)tokens * sizes.TopK / Math.Min(sizes.Experts, tokens * sizes.TopK);
        TileShape[] shapes = mean <= 3
            ? [new(4, 1, 2, 8), new(2, 1, 4, 8), new(2, 1, 4, 4, 12), new(2, 1, 4, 4), new(1, 1, 8, 4), new(1, 1, 8, 8), new(1, 1, 4, 4)]
            : mean <= 8
                ? [new(4, 1, 2, 8), new(4, 2, 2, 4), new(2, 2, 4, 8), new(2, 2, 4, 4), new(2, 4, 2, 4), new(2, 1, 4, 4)]
                : mean <= 64 ? [new(2, 4, 2, 8), new(2, 4, 2, 4), new(2, 2, 4, 4)] : [];
        foreach (var shape in shapes)
        {
            if (tokens <= 4)
            {
                yield return new StreamPlan(shape, shape, new TileShape(1, 1, 8, 16), StartsEarly: true, format);
                yield return new StreamPlan(shape, shape, new TileShape(1, 1, 8, 8), StartsEarly: true, format);
                yield return new StreamPlan(shape, shape, new TileShape(1, 1, 4, 16), StartsEarly: true, format);
                yield return new StreamPlan(shape, shape, new TileShape(1, 1, 4, 8), StartsEarly: true, format);
            }

            if (tokens > 1)
            {
                yield return new StreamPlan(shape, shape, null, StartsEarly: true, format);
            }
        }

        if (tokens >= 16)
        {
            yield return new TiledPlan(8, format);
            yield return new TiledPlan(4, format);
            yield return new TiledPlan(16, format);
            if (mean >= 32 && format == WeightFormat.BFloat16)
            {
                yield return new TiledPlan(16, format, InPairs: true);
            }
        }
    }

    /// <summary>Of codes a unit is 128 columns, so fewer of them are in flight.</summary>
    private static IEnumerable<LayerPlan> CodedPlans(ExpertSizes sizes, int tokens, WeightFormat format)
    {
        var mean = (double)tokens * sizes.TopK / Math.Min(sizes.Experts, tokens * sizes.TopK);
        var isE4M3 = format == WeightFormat.E4M3;
        TileShape[] shapes = mean <= 3
            ? isE4M3 ? [new(2, 1, 2, 4), new(1, 1, 2, 4), new(2, 1, 1, 4), new(4, 1, 1, 4), new(1, 1, 2, 8), new(2, 1, 2, 2), new(2, 1, 1, 2, 20), new(1, 1, 1, 4, 24)]
                : [new(2, 1, 4, 4), new(1, 1, 4, 4), new(2, 1, 2, 4), new(4, 1, 1, 4), new(4, 1, 2, 4), new(1, 1, 4, 8), new(2, 1, 2, 8), new(2, 1, 4, 2), new(1, 1, 2, 2, 24)]
            : mean <= 8
                ? isE4M3 ? [new(2, 1, 2, 4), new(2, 2, 2, 4, 12), new(2, 2, 1, 4), new(1, 2, 2, 4), new(4, 2, 1, 4, 12), new(2, 1, 1, 4), new(2, 1, 1, 2, 20)]
                    : [new(2, 1, 2, 4), new(2, 2, 2, 4), new(2, 2, 1, 4), new(1, 2, 4, 4), new(4, 2, 1, 4, 12), new(4, 1, 1, 4), new(2, 2, 2, 2)]
                : mean <= 64 ? [new(2, 4, 1, 4), new(2, 4, 1, 4, 12), new(1, 4, 1, 4), new(2, 2, 1, 4), new(4, 4, 1, 4, 8)] : [StreamTiles.Of(format).Busy];
        foreach (var shape in shapes)
        {
            if (tokens > 1)
            {
                yield return new StreamPlan(shape, shape, null, StartsEarly: true, format);
                continue;
            }

            foreach (var last in isE4M3 ? new TileShape[] { new(1, 1, 2, 16), new(1, 1, 1, 16), new(2, 1, 2, 16), new(1, 1, 2, 8) } : [new(1, 1, 4, 16), new(1, 1, 2, 16), new(1, 1, 2, 8), new(2, 1, 2, 16)])
            {
                yield return new StreamPlan(shape, shape, last, StartsEarly: true, format);
            }
        }

        if (mean >= 2)
        {
            yield return new TiledPlan(16, format);
            yield return new TiledPlan(4, format);
        }
    }

    private static double Time(
        CudaDevice device, GpuTimer timer, Layer layer, in ExpertSizes sizes, LayerPlan plan, IRuledRouter router, Tensor x, Tensor logits)
    {
        using var scope = NewDisposeScope();
        var experts = plan.Load(device, PtxCache.OfUser, sizes, default(SwiGlu), router.Rule);
        var tokens = (int)x.size(1);
        var workspace = zeros(new StreamWorkspace(0, sizes, tokens).Bytes, ScalarType.Byte, CUDA);
        var output = empty(tokens, sizes.Hidden, layer.Dtype, CUDA);
        var calls = Enumerable.Range(0, Layers).Select(i => layer.Call(x[i], logits[i], null, workspace, output)).ToArray();
        cuda.synchronize();
        return timer.Graph(() =>
        {
            foreach (var call in calls)
            {
                experts.Run(call, timer.Stream);
            }
        }) / Layers;
    }

    /// <summary>The backend 'grouped' of libtorch, routing left out, launches of the host included.</summary>
    private static double Grouped(CudaDevice device, Layer layer, in ExpertSizes sizes, IRuledRouter router, Tensor x, Tensor logits)
    {
        using var scope = NewDisposeScope();
        var tensors = new ExpertTensors(layer.W13, layer.W2, null, null, KnownActivations.Function(default(SwiGlu)));
        var calls = Enumerable.Range(0, Layers).Select(i => router.Route(logits[i], null)).Select((routes, i) => new ExpertsCall(x[i], routes.TopKIds, routes.TopKWeights, tensors)).ToArray();
        var kernel = new GroupedExperts();
        return GpuTimer.Time(
            () =>
            {
                foreach (var call in calls)
                {
                    kernel.Run(call).Dispose();
                }
            },
            device.TorchStream()) / Layers;
    }

    private static double Active(Tensor logits, in ExpertSizes sizes)
    {
        using var scope = NewDisposeScope();
        var ids = logits.topk(sizes.TopK, 2).indexes.flatten(1).cpu();
        return Enumerable.Range(0, Layers).Average(i => ids[(long)i].data<long>().Distinct().Count());
    }
}
