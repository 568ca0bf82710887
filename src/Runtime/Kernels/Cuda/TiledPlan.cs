namespace Moesaic.Kernels;

/// <summary>A layer in tiles of many routes.</summary>
/// <param name="Group">Tiles of one expert that find its weights in the cache.</param>
/// <param name="Format">Of the weights.</param>
/// <param name="InPairs">Two blocks share the weights of tiles with twice as many routes. Of bfloat16.</param>
internal sealed record TiledPlan(int Group, WeightFormat Format = WeightFormat.BFloat16, bool InPairs = false) : LayerPlan(Format)
{
    /// <summary>Of the launch that sorts the tokens.</summary>
    internal static KernelName GatherName { get; } = new(ExpertKernel.Gather, KernelTarget.HopperOrLater);

    /// <summary>Of the second projection.</summary>
    internal KernelName DownName => new(ExpertKernel.TiledDown, KernelTarget.Hopper) { InPairs = InPairs, Format = Format };

    /// <summary>Of the first.</summary>
    internal KernelName GateUpName(Type activation) => new(ExpertKernel.TiledGateUp, KernelTarget.Hopper) { Activation = activation, InPairs = InPairs, Format = Format };

    /// <summary>Of the sum over a token's experts.</summary>
    internal KernelName CombineName(KernelTarget target) => new(ExpertKernel.Combine, target) { Format = Format.Activations };

    internal override IEnumerable<KernelName> ProductsOf(Type activation, KernelTarget target) => [GateUpName(activation), DownName];

    internal override DeviceExperts Load(KernelLibrary kernels, in ExpertSizes sizes, DeviceActivation activation, RoutingRule rule) =>
        new TiledExperts(kernels, sizes, activation, rule, this);

    public override string ToString() => $"tiled{(InPairs ? " in pairs" : "")}, group {Group}{(Format == WeightFormat.BFloat16 ? "" : $", {Format}")}";
}
