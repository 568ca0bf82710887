using ILGPU.IR.Intrinsics;

namespace Moesaic.Kernels;

/// <summary>Four warps that work together, from Hopper on.</summary>
internal static class Warpgroup
{
    internal const int Threads = 128;

    /// <summary>Gives registers up: what a group that only copies does not need.</summary>
    [PtxInstruction("setmaxnreg.dec.sync.aligned.u32 56;"), IntrinsicImplementation]
    internal static void TakeFewRegisters() => throw new NotSupportedException("only in PTX");

    /// <summary>Takes what others gave up. 56 + 2 · 224 registers, 128 threads each, are what a multiprocessor has.</summary>
    [PtxInstruction("setmaxnreg.inc.sync.aligned.u32 224;"), IntrinsicImplementation]
    internal static void TakeManyRegisters() => throw new NotSupportedException("only in PTX");

    /// <summary>Of a group that decodes beside them. With it 56 + 72 + 2 · 192 are all.</summary>
    [PtxInstruction("setmaxnreg.dec.sync.aligned.u32 72;"), IntrinsicImplementation]
    internal static void TakeRegistersOfDecoder() => throw new NotSupportedException("only in PTX");

    /// <summary>What those that multiply take where another decodes.</summary>
    [PtxInstruction("setmaxnreg.inc.sync.aligned.u32 192;"), IntrinsicImplementation]
    internal static void TakeRegistersBesideDecoder() => throw new NotSupportedException("only in PTX");

    /// <summary>
    /// Writes two 8 by 8 tiles of a warp's fragments, transposed: lane l below 16 names the 16 bytes of column l mod 8 of tile l / 8.
    /// </summary>
    [PtxInstruction("stmatrix.sync.aligned.m8n8.x2.trans.shared.b16 [$0], {$1, $2};"), IntrinsicImplementation]
    internal static void StoreTransposed(uint address, uint first, uint second) => throw new NotSupportedException("only in PTX");

    /// <summary>Writes two 8 by 8 tiles of a warp's fragments: lane l below 16 names the 16 bytes of row l mod 8 of tile l / 8.</summary>
    [PtxInstruction("stmatrix.sync.aligned.m8n8.x2.shared.b16 [$0], {$1, $2};"), IntrinsicImplementation]
    internal static void StoreRows(uint address, uint first, uint second) => throw new NotSupportedException("only in PTX");
}
