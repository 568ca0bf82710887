namespace Moesaic.Kernels;

/// <summary>How the weights of a streaming kernel are coded in device memory.</summary>
internal interface IStreamedWeights
{
    /// <summary>Of a weight.</summary>
    static abstract int Bits { get; }

    /// <summary>Columns that a warp multiplies at once, of 16 or more rows.</summary>
    static abstract int UnitColumns { get; }
}

/// <summary>Numbers of 16 bits, those of the kernel's <see cref="IElement"/>.</summary>
internal readonly struct PlainWeights : IStreamedWeights
{
    public static int Bits => 16;

    public static int UnitColumns => 32;
}

/// <summary>e4m3, with a float32 scale for 128 columns of some rows.</summary>
internal readonly struct E4M3Weights : IStreamedWeights
{
    public static int Bits => 8;

    public static int UnitColumns => 128;
}

/// <summary>e2m1, two a byte, with a power of two for 32 columns of a row.</summary>
internal readonly struct E2M1Weights : IStreamedWeights
{
    public static int Bits => 4;

    public static int UnitColumns => 128;
}
