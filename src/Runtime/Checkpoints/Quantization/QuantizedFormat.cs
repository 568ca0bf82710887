namespace Moesaic.Checkpoints;

/// <summary>How the numbers of a quantized tensor are coded.</summary>
internal enum QuantizedFormat
{
    /// <summary>A byte each: e4m3.</summary>
    Fp8,

    /// <summary>Half a byte each: e2m1, a power of two for 32 of a row.</summary>
    Mxfp4,
}
