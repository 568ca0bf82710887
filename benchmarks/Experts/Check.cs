using System.Globalization;
using Moesaic.Kernels;
using Moesaic.Native;
using static TorchSharp.torch;

namespace Moesaic.Benchmarks.Experts;

/// <summary>Compares a streamed layer with float64, on fresh inputs and over poisoned memory.</summary>
internal static class Check
{
    // What bf16 operands cost; a NaN fails every comparison.
    private const double Tolerance = 1e-2;

    /// <summary>The relative error, or an exception that says what is wrong.</summary>
    internal static double Run<TActivation>(
        CudaDevice device, in ExpertSizes sizes, int tokens, TActivation activation, IRuledRouter router, LayerPlan plan, Layer layer, bool selectionBias)
        where TActivation : unmanaged, IExpertActivation
    {
        using var scope = NewDisposeScope();
        var experts = plan.Load(device, PtxCache.OfUser, sizes, activation, router.Rule);
        var x = layer.Normal(1, tokens, sizes.Hidden);
        var logits = randn(tokens, sizes.Experts, float32, CUDA);
        var bias = selectionBias ? randn(sizes.Experts, float32, CUDA) : null;
        var first = Once(experts, layer, x, logits, bias, sizes, device);
        var again = Once(experts, layer, x, logits, bias, sizes, device);
        var routes = router.Route(logits, bias);
        var expected = layer.Reference(x, routes, KnownActivations.Function(activation).Apply);
        var error = ((first.to(float64) - expected).norm() / expected.norm()).item<double>();
        var what = string.Create(CultureInfo.InvariantCulture, $"{sizes} M={tokens} {typeof(TActivation).Name} {router.GetType().Name} {plan}");
        if (!(error <= Tolerance))
        {
            throw new InvalidOperationException($"{what}: relative error {error}, {Where(first.to(float64), expected)}");
        }

        if (!first.equal(again).all().item<bool>())
        {
            throw new InvalidOperationException($"{what}: two runs differ");
        }

        // Alone in its batch, a token gets the same bits, as long as the plan is the same.
        if (plan is not StreamPlan { DownOfToken: not null } && tokens > 1)
        {
            var alone = Once(experts, layer, x.narrow(0, tokens - 1, 1), logits.narrow(0, tokens - 1, 1), bias, sizes, device);
            if (!alone.equal(first.narrow(0, tokens - 1, 1)).all().item<bool>())
            {
                throw new InvalidOperationException($"{what}: a token's result depends on its batch");
            }
        }

        return error;
    }

    /// <summary>Decoded in tiles, codes give the numbers that loading makes of them, and these the same sums: bit for bit.</summary>
    internal static void SameAsLoaded<TActivation>(CudaDevice device, in ExpertSizes sizes, int tokens, TActivation activation, IRuledRouter router, TiledPlan plan, Layer layer)
        where TActivation : unmanaged, IExpertActivation
    {
        using var scope = NewDisposeScope();
        using var widened = layer.Widened();
        var (x, logits) = (layer.Normal(1, tokens, sizes.Hidden), randn(tokens, sizes.Experts, float32, CUDA));
        var coded = Once(plan.Load(device, PtxCache.OfUser, sizes, activation, router.Rule), layer, x, logits, null, sizes, device);
        var loaded = Once((plan with { Format = WeightFormat.BFloat16 }).Load(device, PtxCache.OfUser, sizes, activation, router.Rule), widened, x, logits, null, sizes, device);
        if (!loaded.equal(coded).all().item<bool>())
        {
            throw new InvalidOperationException($"{sizes} M={tokens} {plan}: not the bits of weights decoded by loading, {Where(coded.to(float64), loaded.to(float64))}");
        }
    }

    /// <summary>Which tokens and columns differ by much.</summary>
    private static string Where(Tensor actual, Tensor expected)
    {
        var wrong = (actual - expected).abs().le(0.05 * expected.abs().mean()).logical_not();
        static string Range(Tensor any)
        {
            var at = any.nonzero().flatten().cpu().data<long>().ToArray();
            return at.Length == 0 ? "none" : $"{at.Length} from {at[0]} to {at[^1]}";
        }

        return $"{wrong.sum().item<long>()} of {wrong.NumberOfElements} numbers are off: tokens {Range(wrong.any(1))}, columns {Range(wrong.any(0))}";
    }

    private static Tensor Once(DeviceExperts experts, Layer layer, Tensor x, Tensor logits, Tensor? bias, in ExpertSizes sizes, CudaDevice device)
    {
        var tokens = (int)x.size(0);
        var workspace = full(new StreamWorkspace(0, sizes, tokens).Bytes, (byte)0xff, dtype: ScalarType.Byte, device: CUDA);
        var output = full([tokens, sizes.Hidden], double.NaN, layer.Dtype, CUDA);
        experts.Run(layer.Call(x, logits, bias, workspace, output), device.TorchStream());
        cuda.synchronize();
        return output;
    }
}
