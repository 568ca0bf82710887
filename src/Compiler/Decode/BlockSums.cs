using ILGPU;

namespace Moesaic.Kernels;

/// <summary>A sum over all threads of a block, in an order that never changes.</summary>
internal static class BlockSums
{
    /// <summary>Of shared memory, from its start.</summary>
    internal const int Bytes = 32 * sizeof(float);

    /// <summary>The sum, in every thread. All threads call it, once in a kernel.</summary>
    internal static float Sum(float value, int warps)
    {
        var shared = SharedMemory.GetDynamic<float>();
        value = WarpVotes.Sum(value);
        if ((Group.IdxX & 31) == 0)
        {
            shared[Group.IdxX >> 5] = value;
        }

        Group.Barrier();
        var sum = 0f;
        for (var warp = 0; warp < warps; warp++)
        {
            sum += shared[warp];
        }

        return sum;
    }
}
