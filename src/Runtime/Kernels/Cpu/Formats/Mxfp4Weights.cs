using System.Runtime.CompilerServices;
using Moesaic.Checkpoints;

namespace Moesaic.Kernels.Cpu;

/// <summary>e2m1, two a byte, with a power of two for 32 of a row.</summary>
internal readonly unsafe struct Mxfp4Weights<TLanes, TVector> : IWeightFormat<TVector>
    where TLanes : struct, ILanes<TVector>
    where TVector : unmanaged
{
    public static bool SplitsPairs => true;

    public static nint BytesOf(nint weights) => weights / 2;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (TVector First, TVector Second) Load(byte* values, byte* scales, nint element) =>
        TLanes.LoadFp4(values + (element / 2), Power(scales[element / Mxfp4Tensor.BlockLength]));

    // 2^(exponent - 127): the exponent of a float32, but for the ends, which are a subnormal number and no number.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float Power(byte exponent)
    {
        var isEnd = (byte)(exponent + 1) <= 1;
        return BitConverter.UInt32BitsToSingle(((uint)exponent << 23) | (isEnd ? 1u << 22 : 0));
    }
}
