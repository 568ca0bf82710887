namespace Moesaic.Kernels.Cpu;

/// <summary>The formats of weights that are computed with where they lie.</summary>
internal enum WeightEncoding
{
    Float32,
    Bfloat16,

    /// <summary>e4m3, a float32 scale for 128 columns.</summary>
    Fp8Blocks,

    /// <summary>e4m3, a float32 scale for a row.</summary>
    Fp8Rows,

    /// <summary>e2m1, a power of two for 32 columns.</summary>
    Mxfp4,
}
