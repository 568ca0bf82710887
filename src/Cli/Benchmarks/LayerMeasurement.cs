namespace Moesaic.Cli.Benchmarks;

/// <summary>What was measured for a number of tokens.</summary>
/// <param name="ActiveExperts">The mean over the inputs.</param>
/// <param name="FloorMilliseconds">The least that this machine could take.</param>
/// <param name="Candidates">In the order asked for.</param>
internal sealed record LayerMeasurement(int Tokens, double ActiveExperts, double FloorMilliseconds, IReadOnlyList<CandidateTime> Candidates)
{
    /// <summary>How many times as fast as the naive loop; null where that was not measured.</summary>
    internal double? Speedup(CandidateTime candidate) =>
        Candidates.FirstOrDefault(static other => other.Name == Candidate.Naive) is { } naive ? naive.Milliseconds / candidate.Milliseconds : null;
}
