using ILGPU.IR.Intrinsics;

namespace Moesaic.Kernels;

/// <summary>Sixteen bytes from device to shared memory, with no register in between and no wait.</summary>
internal static class RowCopy
{
    /// <summary>Copies <paramref name="bytes"/>, 16 or 0, and fills up with zeros.</summary>
    [PtxInstruction("cp.async.cg.shared.global.L2::128B [$0], [$1], 16, $2;"), IntrinsicImplementation]
    internal static void Copy(uint shared, long address, int bytes) => throw new NotSupportedException("only in PTX");
}
