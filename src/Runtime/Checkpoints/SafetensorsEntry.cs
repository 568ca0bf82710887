namespace Moesaic.Checkpoints;

/// <summary>What a safetensors header says of one tensor; the offsets count from the end of the header.</summary>
internal sealed record SafetensorsEntry(string Name, SafetensorsDtype Dtype, long[] Shape, long Begin, long End);
