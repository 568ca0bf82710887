using Moesaic.Native;

namespace Moesaic.Kernels;

/// <summary>Device time of a few launches on a stream.</summary>
internal static class PlanTimer
{
    /// <summary>The median milliseconds of what is queued. The host waits for it.</summary>
    /// <exception cref="CudaException">A launch failed.</exception>
    internal static double Time(nint stream, Action queue, int warmUps = 2, int runs = 5)
    {
        for (var i = 0; i < warmUps; i++)
        {
            queue();
        }

        CudaException.ThrowIfFailed(CudaDriver.NewEvent(out var start, 0), "cuEventCreate");
        CudaException.ThrowIfFailed(CudaDriver.NewEvent(out var end, 0), "cuEventCreate");
        try
        {
            var times = new float[runs];
            for (var i = 0; i < runs; i++)
            {
                CudaException.ThrowIfFailed(CudaDriver.RecordEvent(start, stream), "cuEventRecord");
                queue();
                CudaException.ThrowIfFailed(CudaDriver.RecordEvent(end, stream), "cuEventRecord");
                CudaException.ThrowIfFailed(CudaDriver.WaitForEvent(end), "cuEventSynchronize");
                CudaException.ThrowIfFailed(CudaDriver.ElapsedTime(out times[i], start, end), "cuEventElapsedTime");
            }

            Array.Sort(times);
            return times[runs / 2];
        }
        finally
        {
            _ = CudaDriver.DestroyEvent(start);
            _ = CudaDriver.DestroyEvent(end);
        }
    }
}
