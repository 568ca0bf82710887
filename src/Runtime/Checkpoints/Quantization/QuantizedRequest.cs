namespace Moesaic.Checkpoints;

/// <summary>A tensor that a plan looks for.</summary>
/// <param name="Name">Its name where it is kept plain.</param>
/// <param name="Place">In words, where it goes.</param>
internal sealed record QuantizedRequest(
    string Name, WeightTarget Target, WeightRegion Region, string Place, Checkpoint Checkpoint, WeightProblems Problems)
{
    internal CheckpointTensor? Find(string name) => Checkpoint.Tensors.GetValueOrDefault(name);

    internal void Report(WeightProblemKind kind, string subject, string expected, string found, string advice = "check that config.json belongs to this checkpoint") =>
        Problems.Add(kind, subject, expected, found, advice);
}
