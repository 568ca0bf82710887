using System.Runtime.CompilerServices;
using Moesaic.Checkpoints;

namespace Moesaic.Kernels.Cpu;

/// <summary>e4m3, with a float32 scale for 128 columns of a row.</summary>
internal readonly unsafe struct Fp8BlocksWeights<TLanes, TVector> : IWeightFormat<TVector>
    where TLanes : struct, ILanes<TVector>
    where TVector : unmanaged
{
    public static bool SplitsPairs => true;

    public static nint BytesOf(nint weights) => weights;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (TVector First, TVector Second) Load(byte* values, byte* scales, nint element) =>
        TLanes.LoadFp8(values + element, ((float*)scales)[element / Fp8Tensor.StreamedColumns]);
}
