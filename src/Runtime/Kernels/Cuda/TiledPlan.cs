namespace Moesaic.Kernels;

/// <summary>A layer in tiles of many routes.</summary>
/// <param name="Group">Tiles of one expert that find its weights in the cache.</param>
/// <param name="Format">Of the weights.</param>
internal sealed record TiledPlan(int Group, WeightFormat Format = WeightFormat.BFloat16) : LayerPlan(Format)
{
    /// <summary>Of the launch that sorts the tokens.</summary>
    internal static KernelName GatherName { get; } = new(ExpertKernel.Gather, KernelTarget.HopperOrLater);

    /// <summary>Of the second projection.</summary>
    internal KernelName DownName => new(ExpertKernel.TiledDown, KernelTarget.Hopper) { Format = Format };

    /// <summary>Of the first.</summary>
    internal KernelName GateUpName(Type activation) => new(ExpertKernel.TiledGateUp, KernelTarget.Hopper) { Activation = activation, Format = Format };

    /// <summary>Of the sum over a token's experts.</summary>
    internal KernelName CombineName(KernelTarget target) => new(ExpertKernel.Combine, target) { Format = Format.Activations };

    internal override IEnumerable<KernelName> ProductsOf(Type activation, KernelTarget target) => [GateUpName(activation), DownName];

    internal override DeviceExperts Load(KernelLibrary kernels, in ExpertSizes sizes, DeviceActivation activation, RoutingRule rule) =>
        new TiledExperts(kernels, sizes, activation, rule, this);

    public override string ToString() => $"tiled, group {Group}{(Format == WeightFormat.BFloat16 ? "" : $", {Format}")}";
}
