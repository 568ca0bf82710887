using static TorchSharp.torch;

namespace Moesaic.Kernels.Tests;

/// <summary>Kernels for few rows on a GPU, against the same on tensors. All sizes and times: <c>Moesaic.Benchmarks.Experts decode</c>.</summary>
public sealed class GpuDecodingTests
{
    [GpuTheory]
    [InlineData(1, 2048, 5120)]
    [InlineData(8, 288, 17)]
    [InlineData(16, 4096, 2048)]
    public void Linear_GivesWhatLibtorchGives(int rows, int depth, int columns)
    {
        RuntimeCompilation.Enable();
        using var inference = inference_mode();
        using var scope = NewDisposeScope();
        var x = randn(rows, depth, device: CUDA).to(ScalarType.BFloat16);
        var (weight, bias) = ((randn(columns, depth, device: CUDA) / Math.Sqrt(depth)).to(ScalarType.BFloat16), randn(columns, device: CUDA).to(ScalarType.BFloat16));
        Near(nn.functional.linear(x.to(float64), weight.to(float64), bias.to(float64)), SmallBatch.Linear(x, weight, bias));
    }

    [GpuTheory]
    [InlineData(1, 2048)]
    [InlineData(300, 72)]
    public void RmsNorm_GivesWhatTensorsGive(int rows, int width)
    {
        RuntimeCompilation.Enable();
        using var inference = inference_mode();
        using var scope = NewDisposeScope();
        var x = randn(rows, width, device: CUDA).to(ScalarType.BFloat16);
        var weight = randn(width, device: CUDA).to(ScalarType.BFloat16);
        Near(RmsNorm.Unweighted(x, 1e-6) * weight, SmallBatch.RmsNorm(x, weight, 1e-6));
    }

    private static void Near(Tensor expected, Tensor? actual) =>
        Assert.InRange(((expected.to(float64) - actual!.to(float64)).abs().max() / expected.to(float64).abs().max()).item<double>(), 0, 1e-2);
}
