using System.Globalization;
using Moesaic.Kernels;
using Moesaic.Native;
using static TorchSharp.torch;

namespace Moesaic.Benchmarks.Experts;

/// <summary>Device time of what comes before the products of few tokens: choosing their experts, and sorting their routes.</summary>
internal static class RoutingTiming
{
    private const int Launches = 64;

    internal static void Run(CudaDevice device)
    {
        device.MakeCurrent();
        var kernels = new KernelLibrary(device, new CompiledPtx(PtxCache.OfUser));
        using var timer = new GpuTimer();
        foreach (var preset in Preset.All)
        {
            var sizes = preset.Sizes;
            foreach (var tokens in new[] { 1, 2, 8, 16, 32, 64 })
            {
                using var scope = NewDisposeScope();
                var logits = randn(Launches, tokens, sizes.Experts, float32, CUDA);
                var memory = zeros(new StreamWorkspace(0, sizes, tokens).Bytes, ScalarType.Byte, CUDA);
                var workspace = new StreamWorkspace(Aten.DataPointer(memory), sizes, tokens);
                var rule = new SoftmaxTopKRouter(sizes.TopK, normTopkProb: true).Rule;
                var (route, align) = (Get(ExpertKernel.Route), Get(ExpertKernel.Align));
                var addresses = Enumerable.Range(0, Launches).Select(i => (long)Aten.DataPointer(logits[i])).ToArray();
                cuda.synchronize();
                var routed = Time(Route);
                var aligned = Time(address =>
                {
                    Route(address);
                    align.Function.Launch(Shape(align), timer.Stream, workspace.Ids, workspace.Order, workspace.Tiles, workspace.TileCount, tokens * sizes.TopK, sizes.Experts, 8);
                });
                Console.WriteLine(string.Create(
                    CultureInfo.InvariantCulture, $"{preset.Name}, {tokens} tokens: chosen in {routed:F2} us, and sorted in {aligned:F2} us"));

                LoadedKernel Get(ExpertKernel kernel) => kernels.Get(new(kernel, kernels.Target), sizes.Experts);

                LaunchShape Shape(LoadedKernel kernel, long blocks = 1) => new(blocks, 1, kernel.Threads, kernel.SharedBytes(sizes.Experts), StartsEarly: true);

                void Route(long address) => route.Function.Launch(
                    Shape(route, (tokens + (route.Threads / 32) - 1) / (route.Threads / 32)), timer.Stream, rule, address, 0, 0L, workspace.Ids, workspace.Weights, tokens, sizes.Experts);

                double Time(Action<long> work) => 1e3 * timer.Graph(() => Array.ForEach(addresses, work)) / Launches;
            }
        }
    }
}
