using ILGPU.IR.Intrinsics;

namespace Moesaic.Kernels;

/// <summary>Blocks that were launched as a cluster, from Hopper on: each sees the shared memory of the others, at the same addresses.</summary>
internal static class ClusterBlocks
{
    /// <summary>Which of them this block is.</summary>
    [PtxInstruction("mov.u32 $d, %cluster_ctarank;"), IntrinsicImplementation]
    internal static int Rank() => throw new NotSupportedException("only in PTX");

    /// <summary>A barrier of all threads of all of them: what they wrote to shared memory before can be read after.</summary>
    [PtxInstruction("barrier.cluster.arrive.release; barrier.cluster.wait.acquire;"), IntrinsicImplementation]
    internal static void Synchronize() => throw new NotSupportedException("only in PTX");

    /// <summary>Arrives at an <see cref="AsyncBarrier"/> of one of them, of threads that have only read.</summary>
    [PtxInstruction("{ .reg .b32 there; mapa.shared::cluster.u32 there, $0, $1; mbarrier.arrive.shared::cluster.b64 _, [there]; }"), IntrinsicImplementation]
    internal static void Arrive(uint barrier, int rank) => throw new NotSupportedException("only in PTX");

    /// <summary>The same, and what the thread wrote before can be read by those that <see cref="Wait"/>: it costs much more.</summary>
    [PtxInstruction("{ .reg .b32 there; mapa.shared::cluster.u32 there, $0, $1; mbarrier.arrive.release.cluster.shared::cluster.b64 _, [there]; }"), IntrinsicImplementation]
    internal static void Release(uint barrier, int rank) => throw new NotSupportedException("only in PTX");

    /// <summary>Writes a number to the shared memory of one of them. A <see cref="Release"/> after it tells.</summary>
    [PtxInstruction("{ .reg .b32 there; mapa.shared::cluster.u32 there, $0, $2; st.shared::cluster.b32 [there], $1; }"), IntrinsicImplementation]
    internal static void Store(uint address, int value, int rank) => throw new NotSupportedException("only in PTX");

    /// <summary>Waits for the end of a phase of a barrier of this block: what those that arrived wrote before can be read.</summary>
    [PtxInstruction("{ .reg .pred done; wait$u: mbarrier.try_wait.parity.acquire.cluster.shared::cta.b64 done, [$0], $1; @!done bra wait$u; }"), IntrinsicImplementation]
    internal static void Wait(uint barrier, int phase) => throw new NotSupportedException("only in PTX");
}
