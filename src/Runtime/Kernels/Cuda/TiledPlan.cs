namespace Moesaic.Kernels;

/// <summary>A layer in tiles of many routes.</summary>
/// <param name="Group">Tiles of one expert that find its weights in the cache.</param>
internal sealed record TiledPlan(int Group) : LayerPlan
{
    /// <summary>Of the launch that sorts the tokens.</summary>
    internal static KernelName GatherName { get; } = new(ExpertKernel.Gather, KernelTarget.HopperOrLater);

    /// <summary>Of the second projection.</summary>
    internal static KernelName DownName { get; } = new(ExpertKernel.TiledDown, KernelTarget.Hopper);

    /// <summary>Of the first.</summary>
    internal static KernelName GateUpName(Type activation) => new(ExpertKernel.TiledGateUp, KernelTarget.Hopper) { Activation = activation };

    internal override IEnumerable<KernelName> ProductsOf(Type activation, KernelTarget target) => [GateUpName(activation), DownName];

    internal override DeviceExperts Load(KernelLibrary kernels, in ExpertSizes sizes, DeviceActivation activation, RoutingRule rule) =>
        new TiledExperts(kernels, sizes, activation, rule, this);

    public override string ToString() => $"tiled, group {Group}";
}
