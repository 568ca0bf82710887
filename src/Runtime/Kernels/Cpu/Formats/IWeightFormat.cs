namespace Moesaic.Kernels.Cpu;

/// <summary>How a row of weights lies in memory, and how a block of it, two vectors, becomes float32.</summary>
internal unsafe interface IWeightFormat<TVector>
    where TVector : unmanaged
{
    /// <summary>A block is read as its even and its odd elements; else in order.</summary>
    static abstract bool SplitsPairs { get; }

    /// <summary>Bytes of a number of weights of a row.</summary>
    static abstract nint BytesOf(nint weights);

    /// <summary>The block of a row that begins at an element, a multiple of the block's length.</summary>
    /// <param name="values">The row.</param>
    /// <param name="scales">Its scales; not read by formats that have none.</param>
    static abstract (TVector First, TVector Second) Load(byte* values, byte* scales, nint element);
}
