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

    internal static float Max(float value)
    {
        for (var distance = 16; distance > 0; distance >>= 1)
        {
            var other = Warp.ShuffleXor(value, distance);
            value = other > value ? other : value;
        }

        return value;
    }

    /// <summary>The same where NaN loses against all else, and at once.</summary>
    internal static float MaxOfNumbers(float value) => Candidate.OfOrder(Largest(new Candidate { Value = value }.Order));

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

    /// <summary>Where the largest of all lanes stands, and of equals the first, in every lane; <see cref="int.MaxValue"/> where all are NaN.</summary>
    internal static int Best(Candidate candidate)
    {
        var order = candidate.Order;
        var largest = Largest(order);
        var first = Smallest(order == largest ? candidate.Index : int.MaxValue);
        return largest == Candidate.Worst ? int.MaxValue : first;
    }
}
