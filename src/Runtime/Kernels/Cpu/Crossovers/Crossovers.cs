using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using static TorchSharp.torch;

namespace Moesaic.Kernels.Cpu;

/// <summary>The crossover of this machine for each dtype: set by the user, or measured once and kept in the user's cache.</summary>
internal static class Crossovers
{
    /// <summary>Overrides what would be measured: a number of rows, or <c>never</c>.</summary>
    internal const string Variable = "MOESAIC_FUSED_ROWS";

    private static readonly ConcurrentDictionary<ScalarType, Lazy<Crossover>> ByDtype = new();

    /// <summary>That of a dtype; measures it where nobody did before, in well under a second.</summary>
    /// <exception cref="LibtorchException">The variable holds something else.</exception>
    internal static Crossover For(ScalarType dtype) => ByDtype.GetOrAdd(dtype, static dtype => new(() => Find(dtype))).Value;

    /// <summary>What the variable says; null where it is not set.</summary>
    /// <exception cref="LibtorchException">It is no number of rows.</exception>
    internal static Crossover? Parse(string? text) => string.IsNullOrEmpty(text) ? null
        : text == "never" ? new(Crossover.Never, $"as {Variable} says")
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var rows) && rows > 0 ? new(rows, $"as {Variable} says")
        : throw new LibtorchException($"{Variable}={text}: expected a number of rows, 1 or more, or 'never'; unset it to have it measured");

    private static Crossover Find(ScalarType dtype)
    {
        var crossover = Parse(Environment.GetEnvironmentVariable(Variable));
        if (crossover is null)
        {
            var file = CrossoverFile.OfUser(dtype);
            crossover = file.Read() ?? Measure(dtype, file);
        }

        ExpertsTrace.Source.TraceInformation($"fused, {dtype} on CPU: {crossover}");
        return crossover;
    }

    private static Crossover Measure(ScalarType dtype, CrossoverFile file)
    {
        var start = Stopwatch.GetTimestamp();
        var rows = CrossoverMeasurement.Run(dtype);
        var where = file.Write(rows) ? $"kept in {file.Path}" : "not kept";
        return new(rows, string.Create(CultureInfo.InvariantCulture, $"measured in {Stopwatch.GetElapsedTime(start).TotalMilliseconds:F0} ms, {where}"));
    }
}
