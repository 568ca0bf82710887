using ILGPU.IR.Intrinsics;

namespace Moesaic.Kernels;

/// <summary>Neighbouring blocks that run together and see each other's shared memory, from Hopper on.</summary>
internal static class Cluster
{
    /// <summary>Waits for all threads of the cluster.</summary>
    [PtxInstruction("barrier.cluster.arrive.release; barrier.cluster.wait.acquire;"), IntrinsicImplementation]
    internal static void Barrier() => throw new NotSupportedException("only in PTX");

    /// <summary>Arrives at the barrier that a block of the cluster has at the same place.</summary>
    [PtxInstruction("{ .reg .b32 there; mapa.shared::cluster.u32 there, $0, $1; mbarrier.arrive.release.cluster.shared::cluster.b64 _, [there]; }"), IntrinsicImplementation]
    internal static void Arrive(uint barrier, int rank) => throw new NotSupportedException("only in PTX");
}
