namespace Moesaic.Cli.Benchmarks.Model;

/// <summary>The time of all modules of one kind in a step.</summary>
/// <param name="Name">The kind.</param>
/// <param name="Count">How many of them a step runs.</param>
/// <param name="Milliseconds">Of all of them together, one after the other.</param>
internal sealed record PartTime(string Name, int Count, double Milliseconds);
