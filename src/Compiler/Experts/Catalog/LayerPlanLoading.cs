using System.Collections.Concurrent;
using Moesaic.Native;

namespace Moesaic.Kernels;

/// <summary>Layers whose kernels are compiled here, for benchmarks and tuners.</summary>
internal static class LayerPlanLoading
{
    private static readonly ConcurrentDictionary<(CudaDevice Device, PtxCache Cache), KernelLibrary> Libraries = new();

    /// <summary>The kernels that were asked for.</summary>
    internal static IEnumerable<KernelName> Loaded => Libraries.Values.SelectMany(static library => library.Names);

    /// <summary>The layer; its kernels stay loaded for all that come after.</summary>
    internal static DeviceExperts Load<TActivation>(this LayerPlan plan, CudaDevice device, PtxCache cache, in ExpertSizes sizes, TActivation activation, RoutingRule rule)
        where TActivation : unmanaged, IExpertActivation =>
        plan.Load(
            Libraries.GetOrAdd((device, cache), static key => new(key.Device, new CompiledPtx(key.Cache))), sizes, DeviceActivation.Of(activation)!, rule);
}
