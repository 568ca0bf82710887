namespace Moesaic.Cli.Benchmarks;

/// <summary>A candidate's median time and the error of its result.</summary>
internal sealed record CandidateTime(string Name, double Milliseconds, double RelativeError);
