namespace Moesaic.Kernels;

/// <summary>How a whole layer is computed on a GPU: which kernels, of which shape.</summary>
/// <param name="Format">Of the weights.</param>
internal abstract record LayerPlan(WeightFormat Format)
{
    /// <summary>The kernels of its two projections; the others depend on no plan.</summary>
    internal abstract IEnumerable<KernelName> ProductsOf(Type activation, KernelTarget target);

    /// <summary>The layer; its kernels are loaded when they are first needed.</summary>
    /// <param name="rule">Of the router, for calls that bring logits.</param>
    internal abstract DeviceExperts Load(KernelLibrary kernels, in ExpertSizes sizes, DeviceActivation activation, RoutingRule rule);
}
