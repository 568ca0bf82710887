using ILGPU.IR.Intrinsics;

namespace Moesaic.Kernels;

/// <summary>float16 as bits of float32 registers.</summary>
internal static class HalfFloat
{
    /// <summary>The lower of two numbers in one register.</summary>
    [PtxInstruction("{ .reg .b16 low, high; mov.b32 {low, high}, $0; cvt.f32.f16 $d, low; }"), IntrinsicImplementation]
    internal static float Low(uint pair) => (float)BitConverter.UInt16BitsToHalf((ushort)pair);

    /// <summary>The upper one.</summary>
    [PtxInstruction("{ .reg .b16 low, high; mov.b32 {low, high}, $0; cvt.f32.f16 $d, high; }"), IntrinsicImplementation]
    internal static float High(uint pair) => (float)BitConverter.UInt16BitsToHalf((ushort)(pair >> 16));

    /// <summary>Two numbers, rounded to nearest, in one register.</summary>
    [PtxInstruction("cvt.rn.f16x2.f32 $d, $1, $0;"), IntrinsicImplementation]
    internal static uint Pack(float low, float high) =>
        BitConverter.HalfToUInt16Bits((Half)low) | ((uint)BitConverter.HalfToUInt16Bits((Half)high) << 16);
}
