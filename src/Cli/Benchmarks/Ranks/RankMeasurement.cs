namespace Moesaic.Cli.Benchmarks;

/// <summary>What was measured of a candidate for a number of tokens.</summary>
/// <param name="Tokens">Of each data rank.</param>
/// <param name="Milliseconds">The median of the slowest rank's.</param>
/// <param name="BytesPerRank">That a rank sent to others in one run, the mean of ranks; calls' comparison left out.</param>
/// <param name="MessagesPerRank">Likewise.</param>
internal sealed record RankMeasurement(int Tokens, string Name, double Milliseconds, double BytesPerRank, double MessagesPerRank, double RelativeError)
{
    /// <summary>Of payload that a rank sends, over the whole time.</summary>
    internal double BytesPerSecond => BytesPerRank / Milliseconds * 1e3;
}
