namespace Moesaic.Kernels;

/// <summary>The shape of a tiled layer.</summary>
/// <param name="Tokens">The most routes of a tile: 32, 64 or 128.</param>
/// <param name="Group">Tiles of routes that share weights in the cache.</param>
internal sealed record TiledPlan(int Tokens, int Group) : LayerPlan
{
    /// <summary>All that <see cref="For"/> chooses from.</summary>
    internal static IReadOnlyList<int> TileTokens { get; } = [32, 64, 128];

    /// <summary>The plan for experts that have so many routes in the mean: tiles that most of them fill.</summary>
    internal static TiledPlan For(double mean, int group) => new(mean <= 24 ? 32 : mean <= 56 ? 64 : 128, group);

    /// <summary>Of the second projection.</summary>
    internal KernelName DownName => new(ExpertKernel.TiledDown, KernelTarget.Hopper) { Tokens = Tokens };

    /// <summary>Of the first.</summary>
    internal KernelName GateUpName(Type activation) => new(ExpertKernel.TiledGateUp, KernelTarget.Hopper) { Activation = activation, Tokens = Tokens };

    internal override IEnumerable<KernelName> ProductsOf(Type activation, KernelTarget target) => [GateUpName(activation), DownName];

    internal override DeviceExperts Load(KernelLibrary kernels, in ExpertSizes sizes, DeviceActivation activation, RoutingRule rule) =>
        new TiledExperts(kernels, sizes, activation, rule, this);

    public override string ToString() => $"tiled {Tokens} group {Group}";
}
