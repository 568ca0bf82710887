namespace Moesaic.Checkpoints;

/// <summary>How far the loading of a checkpoint is.</summary>
/// <param name="Tensor">The tensor that is done.</param>
/// <param name="BytesDone">Bytes of the file that are placed, this tensor's included.</param>
/// <param name="BytesTotal">Bytes that will be.</param>
public readonly record struct LoadProgress(string Tensor, long BytesDone, long BytesTotal);
