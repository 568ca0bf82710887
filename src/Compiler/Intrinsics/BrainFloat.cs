using ILGPU;
using ILGPU.IR.Intrinsics;

namespace Moesaic.Kernels;

/// <summary>bfloat16 in kernels: the upper half of a float32, which ILGPU has no type for.</summary>
internal static class BrainFloat
{
    /// <summary>The lower of two numbers in one register.</summary>
    internal static float Low(uint pair) => Interop.IntAsFloat(pair << 16);

    /// <summary>The upper one.</summary>
    internal static float High(uint pair) => Interop.IntAsFloat(pair & 0xffff0000u);

    /// <summary>Two numbers, rounded to nearest, in one register.</summary>
    [PtxInstruction("cvt.rn.bf16x2.f32 $d, $1, $0;"), IntrinsicImplementation]
    internal static uint Pack(float low, float high) => Round(low) | (Round(high) << 16);

    /// <summary>To nearest, ties to even; numbers only.</summary>
    private static uint Round(float value)
    {
        var bits = Interop.FloatAsInt(value);
        return (bits + 0x7fffu + ((bits >> 16) & 1u)) >> 16;
    }
}
