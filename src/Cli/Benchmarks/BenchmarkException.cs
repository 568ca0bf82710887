namespace Moesaic.Cli.Benchmarks;

/// <summary>What is asked for cannot be measured, or a candidate's result is wrong.</summary>
internal sealed class BenchmarkException(string message) : MoesaicException(message);
