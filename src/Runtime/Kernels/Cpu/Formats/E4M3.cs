namespace Moesaic.Kernels.Cpu;

/// <summary>8-bit floats of four exponent bits.</summary>
internal static class E4M3
{
    /// <summary>2^120, what the exponents of e4m3 and of float32 begin apart: 7 and 127.</summary>
    internal const float Rebase = 1.329227995784916e36f;
}
