namespace Moesaic.Kernels;

/// <summary>A layer in tiles of many routes.</summary>
/// <param name="Group">Tiles of one expert that find its weights in the cache.</param>
internal sealed record TiledPlan(int Group) : LayerPlan
{
    internal override DeviceExperts Load(KernelLibrary kernels, in ExpertSizes sizes, DeviceActivation activation, RoutingRule rule) =>
        new TiledExperts(kernels, sizes, activation, rule, this);

    public override string ToString() => $"tiled, group {Group}";
}
