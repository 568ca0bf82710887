namespace Moesaic.Kernels.Cpu;

/// <summary>One bfloat16, the upper half of a float32.</summary>
internal static class Bfloat16
{
    private const uint NotANumber = 0x7fc0;

    internal static float ToSingle(ushort bits) => BitConverter.UInt32BitsToSingle((uint)bits << 16);

    /// <summary>To nearest, ties to even.</summary>
    internal static ushort Round(float value)
    {
        var bits = BitConverter.SingleToUInt32Bits(value);
        return (ushort)(float.IsNaN(value) ? NotANumber : (bits + 0x7fff + ((bits >> 16) & 1)) >> 16);
    }
}
