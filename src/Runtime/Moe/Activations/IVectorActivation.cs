using Moesaic.Kernels.Cpu;

namespace Moesaic;

/// <summary>An activation whose formula is also written for vectors: .NET's compiler makes none of a loop over scalars.</summary>
internal interface IVectorActivation : IExpertActivation
{
    /// <summary>The same as the scalar function, up to the rounding of the exponential.</summary>
    TVector Apply<TLanes, TVector>(TVector gate, TVector up)
        where TLanes : struct, ILanes<TVector>
        where TVector : unmanaged;
}
