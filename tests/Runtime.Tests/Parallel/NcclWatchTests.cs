using Moesaic.Communication;
using Moesaic.Native;
using static TorchSharp.torch;

namespace Moesaic.Tests.Communication;

/// <summary>The watch over a GPU, which here is kept from ending by its own work in place of another rank.</summary>
public sealed class NcclWatchTests
{
    [CudaFact]
    public void GpuThatWaitsTooLong_IsNoticed_AndOneThatDoesNotIsNot()
    {
        _ = Libtorch.Cuda();
        var ends = new List<string>();
        using var watch = new NcclWatch(0, TimeSpan.FromSeconds(1), why =>
        {
            lock (ends)
            {
                ends.Add(why);
            }
        });
        OperatorException.ThrowIfFailed(StableAbi.GetCurrentCudaStream(0, out var stream), "a stream"u8);
        using var matrix = zeros(16384, 16384, dtype: float32, device: CUDA); // A product of two takes 0.2 seconds of an H200.

        for (var i = 0; i < 20; i++) // Calls that end in time, for longer than the limit.
        {
            matrix.mm(matrix).Dispose();
            watch.Queued(stream);
            cuda.synchronize();
            Thread.Sleep(100);
        }

        Assert.Empty(ends);
        for (var i = 0; i < 40; i++)
        {
            matrix.mm(matrix).Dispose();
        }

        watch.Queued(stream);
        cuda.synchronize();
        lock (ends)
        {
            Assert.All(ends, why => Assert.StartsWith("the GPU waited 1 s for the other ranks", why, StringComparison.Ordinal));
            Assert.NotEmpty(ends);
        }
    }
}
