using System.Diagnostics;
using static TorchSharp.torch;

namespace Moesaic.Cli.Benchmarks;

/// <summary>Medians of candidates that alternate: what else the machine does hits all of them.</summary>
internal static class LayerTimer
{
    private const int FewestRounds = 5;
    private const int MostRounds = 200;

    internal static double Seconds(Device device, Action action)
    {
        Synchronize(device);
        var start = Stopwatch.GetTimestamp();
        action();
        Synchronize(device);
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    /// <summary>The median seconds of each candidate, in their order.</summary>
    /// <param name="inputs">Taken in turn, so that no candidate finds the weights of its last run in a cache.</param>
    /// <param name="seconds">About how long to go on.</param>
    internal static double[] Medians(Device device, IReadOnlyList<Candidate> candidates, IReadOnlyList<RoutedTokens> inputs, double seconds)
    {
        var times = candidates.Select(static _ => new List<double>()).ToArray();
        foreach (var input in inputs) // Warms up: code is compiled, memory touched.
        {
            foreach (var candidate in candidates)
            {
                candidate.Run(input).Dispose();
            }
        }

        var start = Stopwatch.GetTimestamp();
        for (var round = 0; round < FewestRounds || (round < MostRounds && Stopwatch.GetElapsedTime(start).TotalSeconds < seconds); round++)
        {
            for (var i = 0; i < candidates.Count; i++)
            {
                var (candidate, input) = (candidates[i], inputs[(round + i) % inputs.Count]);
                times[i].Add(Seconds(device, () => candidate.Run(input).Dispose()));
            }
        }

        return [.. times.Select(static all => all.Order().ElementAt(all.Count / 2))];
    }

    private static void Synchronize(Device device)
    {
        if (device.type == TorchSharp.DeviceType.CUDA)
        {
            cuda.synchronize();
        }
    }
}
