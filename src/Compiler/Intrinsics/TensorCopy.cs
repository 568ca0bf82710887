using ILGPU.IR.Intrinsics;

namespace Moesaic.Kernels;

/// <summary>Hopper's copy engine: a box of a matrix from device to shared memory.</summary>
internal static class TensorCopy
{
    /// <summary>Copies the box whose first element is at a column and a row, and tells the barrier its bytes. What lies outside is 0.</summary>
    /// <param name="shared">A multiple of 1024.</param>
    /// <param name="map">A kernel's parameter whose name begins with <see cref="PtxText.TensorMapPrefix"/>.</param>
    /// <param name="barrier">An <see cref="AsyncBarrier"/>.</param>
    /// <param name="column">Of the matrix.</param>
    /// <param name="row">Of the matrix.</param>
    [PtxInstruction("cp.async.bulk.tensor.2d.shared::cluster.global.mbarrier::complete_tx::bytes [$0], [$1, {$3, $4}], [$2];"), IntrinsicImplementation]
    internal static void Box(uint shared, long map, uint barrier, int column, int row) => throw new NotSupportedException("only in PTX");

    /// <summary>The same to both blocks of a cluster, at the same addresses; each one's barrier gets the bytes.</summary>
    [PtxInstruction("{ .reg .b16 both; mov.b16 both, 3; cp.async.bulk.tensor.2d.shared::cluster.global.mbarrier::complete_tx::bytes.multicast::cluster [$0], [$1, {$3, $4}], [$2], both; }"), IntrinsicImplementation]
    internal static void BoxForBoth(uint shared, long map, uint barrier, int column, int row) => throw new NotSupportedException("only in PTX");
}
