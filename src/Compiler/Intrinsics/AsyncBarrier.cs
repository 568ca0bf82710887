using ILGPU.IR.Intrinsics;

namespace Moesaic.Kernels;

/// <summary>A barrier in shared memory that counts arrivals and bytes, from Hopper on: eight bytes at a 32-bit address.</summary>
internal static class AsyncBarrier
{
    internal const int Bytes = 8;

    [PtxInstruction("mbarrier.init.shared::cta.b64 [$0], $1;"), IntrinsicImplementation]
    internal static void Initialize(uint barrier, int arrivals) => throw new NotSupportedException("only in PTX");

    /// <summary>Makes initialized barriers visible to the copy engine.</summary>
    [PtxInstruction("fence.mbarrier_init.release.cluster; fence.proxy.async.shared::cta;"), IntrinsicImplementation]
    internal static void Publish() => throw new NotSupportedException("only in PTX");

    /// <summary>What this thread read and wrote in shared memory comes before what the copy engine writes there next.</summary>
    [PtxInstruction("fence.proxy.async.shared::cta;"), IntrinsicImplementation]
    internal static void FenceCopies() => throw new NotSupportedException("only in PTX");

    [PtxInstruction("mbarrier.arrive.shared::cta.b64 _, [$0];"), IntrinsicImplementation]
    internal static void Arrive(uint barrier) => throw new NotSupportedException("only in PTX");

    /// <summary>Arrives, and makes the barrier wait for so many bytes of <see cref="TensorCopy"/>.</summary>
    [PtxInstruction("mbarrier.arrive.expect_tx.shared::cta.b64 _, [$0], $1;"), IntrinsicImplementation]
    internal static void ArriveAndExpect(uint barrier, int bytes) => throw new NotSupportedException("only in PTX");

    /// <summary>Waits for the end of a phase, 0 or 1.</summary>
    [PtxInstruction("{ .reg .pred done; wait$u: mbarrier.try_wait.parity.shared::cta.b64 done, [$0], $1; @!done bra wait$u; }"), IntrinsicImplementation]
    internal static void Wait(uint barrier, int phase) => throw new NotSupportedException("only in PTX");
}
