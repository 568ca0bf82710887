using ILGPU.IR.Intrinsics;

namespace Moesaic.Kernels;

/// <summary>The shared memory of a block.</summary>
internal static class BlockMemory
{
    /// <summary>The 32-bit address that instructions for shared memory take.</summary>
    [PtxInstruction("mov.b32 $d, $0s;"), IntrinsicImplementation]
    internal static uint Address(ref float place) => throw new NotSupportedException("only in PTX");
}
