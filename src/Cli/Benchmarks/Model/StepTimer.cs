using System.Diagnostics;
using Moesaic.Native;
using TorchSharp;
using static TorchSharp.torch;

namespace Moesaic.Cli.Benchmarks.Model;

/// <summary>Times work as decoding steps do it: recorded and replayed on a GPU, else as it is.</summary>
internal sealed class StepTimer : IDisposable
{
    private const int Repeats = 20;

    private readonly CudaStream? _stream;

    internal StepTimer(Device device) => _stream = device.type == DeviceType.CUDA ? new(CudaDevice.Open(Math.Max(device.index, 0))) : null;

    /// <summary>The median milliseconds of one run.</summary>
    internal double Milliseconds(Action work)
    {
        using var inference = inference_mode();
        if (_stream is null)
        {
            return Median(work, static () => { });
        }

        cuda.synchronize();
        using var use = _stream.Enter();
        work();
        work();
        using var graph = CudaGraph.Capture(_stream, work);
        return Median(graph.Launch, _stream.Synchronize);
    }

    public void Dispose() => _stream?.Dispose();

    private static double Median(Action run, Action wait)
    {
        run();
        wait();
        var times = new double[Repeats];
        for (var i = 0; i < Repeats; i++)
        {
            var start = Stopwatch.GetTimestamp();
            run();
            wait();
            times[i] = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        }

        return times.Order().ElementAt(Repeats / 2);
    }
}
