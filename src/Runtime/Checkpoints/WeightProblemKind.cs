namespace Moesaic.Checkpoints;

/// <summary>What can be wrong between a model and a checkpoint; of several kinds the first is told, being likely the cause of the others.</summary>
internal enum WeightProblemKind
{
    WrittenTwice,
    NeverWritten,
    Missing,
    Shape,
    Dtype,
    Unclaimed,
}
