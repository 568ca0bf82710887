using System.Globalization;
using Moesaic.Kernels.Tests;

namespace Moesaic.Benchmarks.Experts;

/// <summary>The GPU cases of the tests, without their framework.</summary>
internal static class ProductChecks
{
    /// <summary>0 where all agree, else 1.</summary>
    /// <param name="word">Of the names of those that are run.</param>
    internal static int Run(string word)
    {
        var failed = 0;
        var cases = ExpertsCheck.Names.Select(static name => (name, Run: (Func<string, int, double>)ExpertsCheck.Run))
            .Concat(QuantizedCheck.Names.Select(static name => (name, Run: (Func<string, int, double>)QuantizedCheck.Run)));
        foreach (var (name, run) in cases.Where(one => one.name.Contains(word, StringComparison.Ordinal)))
        {
            foreach (var tokens in ExpertsCheck.Batches)
            {
                try
                {
                    Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"ok {name}, {tokens} tokens: {run(name, tokens):E1}"));
                }
                catch (Exception e) when (e is MoesaicException or InvalidOperationException or System.Runtime.InteropServices.ExternalException)
                {
                    Console.WriteLine($"FAILED {name}, {tokens} tokens: {e.Message.Split('\n')[0]}");
                    failed = 1;
                }
            }
        }

        return failed;
    }
}
