using System.Runtime;
using TorchSharp;

namespace Moesaic.Tests;

/// <summary>
/// Counts the tensors made and not yet disposed since it was made itself. TorchSharp counts for the whole process and its
/// finalizers count down whenever they run, so what earlier tests left to them goes first, and no collection starts meanwhile.
/// </summary>
internal sealed class NewTensors : IDisposable
{
    private const long Allocations = 32 << 20;

    private readonly long _before;

    public NewTensors()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        Assert.True(GC.TryStartNoGCRegion(Allocations));
        _before = torch.Tensor.TotalCount;
    }

    public long Count => torch.Tensor.TotalCount - _before;

    public void Dispose()
    {
        if (GCSettings.LatencyMode == GCLatencyMode.NoGCRegion)
        {
            GC.EndNoGCRegion();
        }
    }
}
