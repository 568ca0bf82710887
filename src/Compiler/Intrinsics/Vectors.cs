namespace Moesaic.Kernels;

/// <summary>Sixteen bytes: eight bfloat16 numbers, or four registers of a matrix fragment.</summary>
internal struct Bits4
{
    internal uint X;
    internal uint Y;
    internal uint Z;
    internal uint W;
}

/// <summary>What one lane holds of a 16 by 8 tile of float32 sums: rows r and r + 8, columns c and c + 1.</summary>
internal struct Sums4
{
    internal float X;
    internal float Y;
    internal float Z;
    internal float W;
}

/// <summary>Two of something. Nested, it makes a number of registers that a kernel is generic over: ILGPU flattens structs.</summary>
internal struct Twice<T>
    where T : struct
{
    internal T First;
    internal T Second;
}
