using System.Globalization;
using System.Runtime.CompilerServices;

namespace Moesaic.Benchmarks.Loading;

/// <summary>Time to the first token of the sample model, as a ratio to a program that only creates one tensor.</summary>
internal static class StartBenchmark
{
    private const int Runs = 9;

    internal static int Run()
    {
        var sample = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(Here())!, "..", "..", "samples", "models", "tiny-mixtral-kjv"));
        Child.Start("tensor"); // Files are in the page cache for both from here on.
        Child.Start("token", sample);
        var tensor = new List<double>();
        var token = new List<double>();
        for (var i = 0; i < Runs; i++)
        {
            tensor.Add(Child.Start("tensor").Time.TotalMilliseconds);
            token.Add(Child.Start("token", sample).Time.TotalMilliseconds);
        }

        var (one, first) = (Median(tensor), Median(token));
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"one tensor {one:F0} ms, first token {first:F0} ms, ratio {first / one:F2} (medians of {Runs}, alternating)"));
        return 0;
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);

    private static string Here([CallerFilePath] string path = "") => path;
}
