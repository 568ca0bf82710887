using System.Runtime.CompilerServices;

namespace Moesaic.Kernels.Cpu;

/// <summary>float32.</summary>
internal readonly unsafe struct Float32Weights<TLanes, TVector> : IWeightFormat<TVector>
    where TLanes : struct, ILanes<TVector>
    where TVector : unmanaged
{
    public static bool SplitsPairs => false;

    public static nint BytesOf(nint weights) => weights * sizeof(float);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (TVector First, TVector Second) Load(byte* values, byte* scales, nint element) =>
        (TLanes.Load((float*)values + element), TLanes.Load((float*)values + element + (sizeof(TVector) / sizeof(float))));
}
