using ILGPU;
using ILGPU.IR.Intrinsics;

namespace Moesaic.Kernels;

/// <summary>The shared memory of a block, by 32-bit address.</summary>
internal static class BlockMemory
{
    /// <summary>The address that instructions for shared memory take.</summary>
    [PtxInstruction("mov.b32 $d, $0s;"), IntrinsicImplementation]
    internal static uint Address(ref float place) => throw new NotSupportedException("only in PTX");

    /// <summary>Where the block's dynamic shared memory begins, a multiple of 1024.</summary>
    internal static uint Start()
    {
        var shared = SharedMemory.GetDynamic<float>();
        return Address(ref shared[0]);
    }

    [PtxInstruction("ld.shared.b32 $d, [$0];"), IntrinsicImplementation]
    internal static int LoadInt(uint address) => throw new NotSupportedException("only in PTX");

    [PtxInstruction("st.shared.b32 [$0], $1;"), IntrinsicImplementation]
    internal static void StoreInt(uint address, int value) => throw new NotSupportedException("only in PTX");

    [PtxInstruction("ld.shared.f32 $d, [$0];"), IntrinsicImplementation]
    internal static float LoadFloat(uint address) => throw new NotSupportedException("only in PTX");

    [PtxInstruction("st.shared.f32 [$0], $1;"), IntrinsicImplementation]
    internal static void StoreFloat(uint address, float value) => throw new NotSupportedException("only in PTX");

    [PtxInstruction("ld.shared.v4.b32 $d, [$0];"), IntrinsicImplementation]
    internal static Bits4 LoadBits4(uint address) => throw new NotSupportedException("only in PTX");

    [PtxInstruction("st.shared.v4.b32 [$0], $1;"), IntrinsicImplementation]
    internal static void StoreBits4(uint address, Bits4 value) => throw new NotSupportedException("only in PTX");
}
