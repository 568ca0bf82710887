using Moesaic.Kernels;
using Moesaic.Native;
using static TorchSharp.torch;

namespace Moesaic.Benchmarks.Experts;

internal static class Debug
{
    internal static void Run(CudaDevice device)
    {
        var sizes = new ExpertSizes(256, 256, 8, 2);
        foreach (var tokens in new[] { 1, 5, 70 })
        {
            foreach (var plan in new LayerPlan[] { new TiledPlan(32, 8), new TiledPlan(128, 8) })
            {
                using var layer = new Layer(sizes, true, false);
                var router = new SoftmaxTopKRouter(sizes.TopK, true);
                var experts = plan.Load(device, PtxCache.OfUser, sizes, default(SwiGlu), router.Rule);
                var x = Layer.Normal(1, tokens, sizes.Hidden);
                var logits = randn(tokens, sizes.Experts, float32, CUDA);
                var workspace = full(new StreamWorkspace(0, sizes, tokens).Bytes, (byte)0xff, dtype: ScalarType.Byte, device: CUDA);
                var output = full([tokens, sizes.Hidden], double.NaN, ScalarType.BFloat16, CUDA);
                Console.WriteLine($"x {x.isnan().sum().item<long>()} w13 {layer.W13.isnan().sum().item<long>()} w2 {layer.W2.isnan().sum().item<long>()}");
                experts.Run(layer.Call(x, logits, null, workspace, output), device.TorchStream());
                cuda.synchronize();
                var w = new StreamWorkspace(0, sizes, tokens);
                var routes = router.Route(logits, null);
                var r = tokens * sizes.TopK;
                var all = workspace.cpu().data<byte>().ToArray();
                T[] At<T>(long offset, long bytes) where T : unmanaged => System.Runtime.InteropServices.MemoryMarshal.Cast<byte, T>(all.AsSpan((int)offset, (int)bytes)).ToArray();
                static int NaNs(ushort[] bits) => bits.Count(b => (b & 0x7f80) == 0x7f80);
                Console.WriteLine($"{tokens} {plan}");
                Console.WriteLine("ids      " + string.Join(' ', At<int>(w.Ids, 4 * r)) + " expected " + string.Join(' ', routes.TopKIds.cpu().data<int>()));
                Console.WriteLine("weights  " + string.Join(' ', At<float>(w.Weights, 4 * r)) + " expected " + string.Join(' ', routes.TopKWeights.cpu().data<float>()));
                Console.WriteLine("order    " + string.Join(' ', At<int>(w.Order, 4 * r)));
                Console.WriteLine("tiles    " + string.Join(' ', At<int>(w.Tiles, 16 * r)));
                Console.WriteLine("count    " + string.Join(' ', At<int>(w.TileCount, 4)));
                Console.WriteLine("h nan    " + NaNs(At<ushort>(w.Hidden, 2 * r * sizes.Width)));
                Console.WriteLine("rows nan " + NaNs(At<ushort>(w.Rows, 2 * r * sizes.Hidden)));
                Console.WriteLine("out nan  " + output.isnan().sum().item<long>());
                var expected = layer.Reference(x, routes, KnownActivations.Function(default(SwiGlu)).Apply);
                Console.WriteLine("reference nan " + expected.isnan().sum().item<long>() + $" err {((output.to(float64) - expected).norm() / expected.norm()).item<double>()}");
            }
        }
    }
}
