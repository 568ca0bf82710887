using Moesaic.Native;

namespace Moesaic.Kernels;

/// <summary>How a whole layer is computed on a GPU: which kernels, of which shape.</summary>
internal abstract record LayerPlan
{
    /// <summary>Compiles what the plan needs, or finds it compiled, and loads it.</summary>
    internal abstract DeviceExperts Load<TActivation>(CudaDevice device, PtxCache cache, in ExpertSizes sizes, TActivation activation, RoutingRule rule)
        where TActivation : unmanaged, IExpertActivation;
}
