namespace Moesaic.Kernels.Cpu;

/// <summary>Where a row of weights begins.</summary>
/// <param name="values">Its numbers, or codes.</param>
/// <param name="scales">Its scales; null where it has none.</param>
internal readonly unsafe struct WeightRow(byte* values, byte* scales)
{
    internal readonly byte* Values = values;
    internal readonly byte* Scales = scales;
}
