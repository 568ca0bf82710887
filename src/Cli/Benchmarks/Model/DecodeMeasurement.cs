namespace Moesaic.Cli.Benchmarks.Model;

/// <summary>What was measured of decoding a batch.</summary>
/// <param name="Batch">Rows, each of which gets a token in a step.</param>
/// <param name="Error">Of the logits of recorded steps against ordinary passes: the largest difference by the largest logit.</param>
/// <param name="OrdinaryMilliseconds">A step of ordinary passes.</param>
/// <param name="StepMilliseconds">A step as text is generated: the host reads each token before the next step.</param>
/// <param name="QueuedMilliseconds">A step where the host only queues.</param>
/// <param name="HostMilliseconds">The host's share of it.</param>
/// <param name="FloorMilliseconds">The bytes that must move, at the bandwidth of a copy.</param>
/// <param name="ActiveExperts">Of a layer, on average.</param>
/// <param name="Obstacle">Why steps are not recorded; null where they are.</param>
/// <param name="Parts">Where the time goes.</param>
internal sealed record DecodeMeasurement(
    int Batch,
    double Error,
    double OrdinaryMilliseconds,
    double StepMilliseconds,
    double QueuedMilliseconds,
    double HostMilliseconds,
    double FloorMilliseconds,
    double ActiveExperts,
    string? Obstacle,
    IReadOnlyList<PartTime> Parts)
{
    internal double TokensPerSecond => 1e3 * Batch / StepMilliseconds;
}
