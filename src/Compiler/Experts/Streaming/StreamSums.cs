using ILGPU;

namespace Moesaic.Kernels;

/// <summary>The sums of a block's warps, each over its part of the columns, added up through shared memory in a fixed order.</summary>
internal static class StreamSums
{
    /// <summary>Shared memory of a block.</summary>
    internal static int Bytes(int rowTiles, int tokenTiles, int warps) => warps * rowTiles * tokenTiles * 16 * 8 * sizeof(float);

    /// <summary>Each warp writes what it has.</summary>
    internal static void Share<TSums, TTile>(TSums sums)
        where TSums : struct
        where TTile : struct, IStreamTile
    {
        var shared = SharedMemory.GetDynamic<float>();
        var (lane, warp) = (Group.IdxX & 31, Group.IdxX >> 5);
        StreamProduct.Store(sums, BlockMemory.Address(ref shared[(warp * Values<TTile>() * 32) + lane]));
        Group.Barrier();
    }

    /// <summary>The sum of all warps for a row (0 to 15) of a row tile and a token of the block.</summary>
    internal static float Take<TTile>(int rowTile, int row, int token)
        where TTile : struct, IStreamTile
    {
        var shared = SharedMemory.GetDynamic<float>();
        var value = (((rowTile * TTile.TokenTiles) + (token >> 3)) * 4) + ((row >> 3) * 2) + (token & 1);
        var lane = ((row & 7) * 4) + ((token & 7) >> 1);
        var sum = 0f;
        for (var warp = 0; warp < TTile.Warps; warp++)
        {
            sum += shared[(((warp * Values<TTile>()) + value) * 32) + lane];
        }

        return sum;
    }

    private static int Values<TTile>()
        where TTile : struct, IStreamTile => TTile.RowTiles * TTile.TokenTiles * 4;
}
