namespace Moesaic.Kernels;

/// <summary>A row of numbers in device memory.</summary>
internal interface INumberRow
{
    static abstract float Load(long row, int index);
}

/// <summary>float32.</summary>
internal readonly struct FloatRow : INumberRow
{
    public static float Load(long row, int index) => GlobalMemory.LoadFloat(row + (4L * index));
}

/// <summary>bfloat16.</summary>
internal readonly struct BrainFloatRow : INumberRow
{
    public static float Load(long row, int index) => GlobalMemory.LoadBrainFloat(row + (2L * index));
}
