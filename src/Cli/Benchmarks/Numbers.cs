using System.Globalization;

namespace Moesaic.Cli.Benchmarks;

/// <summary>Lists of numbers on the command line.</summary>
internal static class Numbers
{
    /// <exception cref="BenchmarkException">An element is no positive number.</exception>
    internal static int[] Parse(string text, string option, string expected) =>
        [.. text.Split(',').Select(part => int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0
            ? number
            : throw new BenchmarkException($"{option} {text}: expected {expected}, found '{part}'"))];
}
