using System.Runtime.CompilerServices;

namespace Moesaic.Kernels.Cpu;

/// <summary>bfloat16, the upper half of a float32.</summary>
internal readonly unsafe struct Bfloat16Weights<TLanes, TVector> : IWeightFormat<TVector>
    where TLanes : struct, ILanes<TVector>
    where TVector : unmanaged
{
    public static bool SplitsPairs => true;

    public static nint BytesOf(nint weights) => weights * sizeof(ushort);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (TVector First, TVector Second) Load(byte* values, byte* scales, nint element) =>
        TLanes.LoadBfloat16(values + (element * sizeof(ushort)));
}
