using Moesaic.Native;

namespace Moesaic.Kernels;

/// <summary>The shape of a tiled layer.</summary>
/// <param name="Tokens">The most routes of a tile: 32, 64 or 128.</param>
/// <param name="Group">Tiles of routes that share weights in the cache.</param>
internal sealed record TiledPlan(int Tokens, int Group) : LayerPlan
{
    internal Type Shape => Tokens switch
    {
        32 => typeof(NarrowTiles),
        64 => typeof(MiddleTiles),
        128 => typeof(WideTiles),
        _ => throw new ArgumentOutOfRangeException(nameof(Tokens), Tokens, "expected 32, 64 or 128"),
    };

    internal int SharedBytes => Tokens switch
    {
        32 => TiledMemory<NarrowTiles>.Bytes,
        64 => TiledMemory<MiddleTiles>.Bytes,
        _ => TiledMemory<WideTiles>.Bytes,
    };

    internal override DeviceExperts Load<TActivation>(CudaDevice device, PtxCache cache, in ExpertSizes sizes, TActivation activation, RoutingRule rule) =>
        new TiledExperts<TActivation>(device, cache, sizes, activation, rule, this);

    public override string ToString() => $"tiled {Tokens} group {Group}";
}
