using ILGPU;
using ILGPU.IR.Intrinsics;

namespace Moesaic.Kernels;

/// <summary>What the 32 lanes of a warp find out about each other.</summary>
internal static class WarpVotes
{
    /// <summary>A bit for each lane that has the same value. All lanes call it.</summary>
    [PtxInstruction("match.any.sync.b32 $d, $0, 0xffffffff;"), IntrinsicImplementation]
    internal static uint Match(int value)
    {
        var same = 0u;
        for (var lane = 0; lane < 32; lane++)
        {
            same |= Warp.Shuffle(value, lane) == value ? 1u << lane : 0u;
        }

        return same;
    }

    /// <summary>The largest number, where NaN loses against all else.</summary>
    internal static float MaxOfNumbers(float value) => NumberOrder.Value(Largest(NumberOrder.Of(value)));

    internal static float Sum(float value)
    {
        for (var distance = 16; distance > 0; distance >>= 1)
        {
            value += Warp.ShuffleXor(value, distance);
        }

        return value;
    }

    /// <summary>The largest number of all lanes. All lanes call it.</summary>
    [PtxInstruction("redux.sync.max.s32 $d, $0, 0xffffffff;"), IntrinsicImplementation]
    internal static int Largest(int value)
    {
        for (var distance = 16; distance > 0; distance >>= 1)
        {
            var other = Warp.ShuffleXor(value, distance);
            value = other > value ? other : value;
        }

        return value;
    }

    /// <summary>The smallest. All lanes call it.</summary>
    [PtxInstruction("redux.sync.min.s32 $d, $0, 0xffffffff;"), IntrinsicImplementation]
    internal static int Smallest(int value) => -1 - Largest(-1 - value);
}
