using ILGPU;

namespace Moesaic.Kernels;

/// <summary>Numbers as integers that are larger where the number is: what a warp compares at once, and without a branch.</summary>
internal static class NumberOrder
{
    /// <summary>Of NaN, which loses against all else.</summary>
    internal const int Worst = int.MinValue;

    internal static int Of(float value)
    {
        var order = Turn((int)Interop.FloatAsInt(value));
        order = value == 0f ? 0 : order;
        return float.IsNaN(value) ? Worst : order;
    }

    /// <summary>The number.</summary>
    internal static float Value(int order) => Interop.IntAsFloat((uint)Turn(order));

    /// <summary>The bits of a negative number count backwards.</summary>
    private static int Turn(int bits) => bits ^ ((bits >> 31) & int.MaxValue);
}
