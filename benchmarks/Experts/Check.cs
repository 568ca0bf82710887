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
            throw new InvalidOperationException($"{what}: relative error {error}");
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
