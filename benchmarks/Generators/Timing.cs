using System.Diagnostics;

namespace Moesaic.Benchmarks.Generators;

internal static class Timing
{
    private const int Runs = 9;

    /// <summary>The median of some runs, in milliseconds, after one that is not counted.</summary>
    public static double Median(Action run) => Median(() =>
    {
        var watch = Stopwatch.StartNew();
        run();
        return watch.Elapsed.TotalMilliseconds;
    });

    /// <summary>The median of what some runs measure themselves, after one that is not counted.</summary>
    public static double Median(Func<double> run)
    {
        run();
        return Enumerable.Range(0, Runs).Select(_ => run()).Order().ElementAt(Runs / 2);
    }
}
