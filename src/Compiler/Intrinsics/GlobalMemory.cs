using ILGPU;
using ILGPU.IR.Intrinsics;

namespace Moesaic.Kernels;

/// <summary>Device memory by address. Addresses are 64 bits wide, and so is all that is added to them.</summary>
internal static unsafe class GlobalMemory
{
    [PtxInstruction("ld.global.b32 $d, [$0];"), IntrinsicImplementation]
    internal static int LoadInt(long address) => *(int*)address;

    /// <summary>The same from where all multiprocessors see it, for what was written while this launch had begun.</summary>
    [PtxInstruction("ld.relaxed.gpu.global.b32 $d, [$0];"), IntrinsicImplementation]
    internal static int LoadFreshInt(long address) => *(int*)address;

    [PtxInstruction("st.global.b32 [$0], $1;"), IntrinsicImplementation]
    internal static void StoreInt(long address, int value) => *(int*)address = value;

    /// <summary>Adds to a number that other blocks add to as well, and returns what it was.</summary>
    [PtxInstruction("atom.global.add.u32 $d, [$0], $1;"), IntrinsicImplementation]
    internal static int Add(long address, int value) => Interlocked.Add(ref *(int*)address, value) - value;

    /// <summary>Brings a line of 128 bytes into the second-level cache; waits for nothing.</summary>
    [PtxInstruction("prefetch.global.L2 [$0];"), IntrinsicImplementation]
    internal static void Prefetch(long address)
    {
    }

    /// <summary>What this thread, and those it met at a barrier, wrote is seen by other blocks before what it writes next.</summary>
    [PtxInstruction("fence.acq_rel.gpu;"), IntrinsicImplementation]
    internal static void Fence() => Interlocked.MemoryBarrier();

    /// <summary>A number that another block has written: past the first cache.</summary>
    [PtxInstruction("ld.global.cg.f32 $d, [$0];"), IntrinsicImplementation]
    internal static float LoadFloatOfOthers(long address) => *(float*)address;

    /// <summary>Sixteen bytes that another block has written.</summary>
    [PtxInstruction("ld.global.cg.v4.b32 $d, [$0];"), IntrinsicImplementation]
    internal static Bits4 LoadBits4OfOthers(long address) => *(Bits4*)address;

    [PtxInstruction("ld.global.f32 $d, [$0];"), IntrinsicImplementation]
    internal static float LoadFloat(long address) => *(float*)address;

    /// <inheritdoc cref="LoadFreshInt"/>
    [PtxInstruction("ld.relaxed.gpu.global.f32 $d, [$0];"), IntrinsicImplementation]
    internal static float LoadFreshFloat(long address) => *(float*)address;

    [PtxInstruction("st.global.f32 [$0], $1;"), IntrinsicImplementation]
    internal static void StoreFloat(long address, float value) => *(float*)address = value;

    [PtxInstruction("ld.global.v4.b32 $d, [$0];"), IntrinsicImplementation]
    internal static Bits4 LoadBits4(long address) => *(Bits4*)address;

    /// <inheritdoc cref="LoadFreshInt"/>
    [PtxInstruction("ld.relaxed.gpu.global.v4.b32 $d, [$0];"), IntrinsicImplementation]
    internal static Bits4 LoadFreshBits4(long address) => *(Bits4*)address;

    [PtxInstruction("st.global.v4.b32 [$0], $1;"), IntrinsicImplementation]
    internal static void StoreBits4(long address, Bits4 value) => *(Bits4*)address = value;

    [PtxInstruction("{ .reg .b16 half; ld.global.b16 half, [$0]; mov.b32 $d, {0, half}; }"), IntrinsicImplementation]
    internal static float LoadBrainFloat(long address) => Interop.IntAsFloat((uint)*(ushort*)address << 16);

    [PtxInstruction("{ .reg .b16 half; cvt.rn.bf16.f32 half, $1; st.global.b16 [$0], half; }"), IntrinsicImplementation]
    internal static void StoreBrainFloat(long address, float value) => *(ushort*)address = (ushort)(BrainFloat.Pack(value, 0f) & 0xffff);

    [PtxInstruction("{ .reg .b16 half; ld.global.b16 half, [$0]; cvt.f32.f16 $d, half; }"), IntrinsicImplementation]
    internal static float LoadHalf(long address) => (float)*(System.Half*)address;

    [PtxInstruction("{ .reg .b16 half; cvt.rn.f16.f32 half, $1; st.global.b16 [$0], half; }"), IntrinsicImplementation]
    internal static void StoreHalf(long address, float value) => *(System.Half*)address = (System.Half)value;
}
