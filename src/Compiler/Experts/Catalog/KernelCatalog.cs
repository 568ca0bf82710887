using System.Reflection;

namespace Moesaic.Kernels;

/// <summary>Every kernel by its name.</summary>
internal static class KernelCatalog
{
    /// <summary>The kernel that a name stands for.</summary>
    internal static KernelEntry Find(KernelName name) => name.Kernel switch
    {
        ExpertKernel.Route => Of(typeof(RouteKernel), 32 * RouteKernel.Warps, RouteKernel.Warps * RoutingRow.Floats(1) * sizeof(float)),
        ExpertKernel.Align => Of(typeof(AlignKernel), Alignment.Threads, Alignment.Bytes(1)),
        ExpertKernel.RouteAndAlign => Of(typeof(RouteAndAlignKernel), Alignment.Threads, RouteAndAlignKernel.Bytes(1)),
        ExpertKernel.RouteToken => Of(typeof(RouteTokenKernel), RouteTokenKernel.Threads, RouteTokenKernel.Bytes(1)),
        ExpertKernel.Count => Of(typeof(CountKernel), Alignment.Threads, CountKernel.Bytes(1)),
        ExpertKernel.Place => Of(typeof(PlaceKernel), Alignment.Threads, Alignment.Bytes(1)),
        ExpertKernel.Gather => Of(typeof(GatherKernel), GatherKernel.Threads, 0),
        ExpertKernel.GateUp => Streaming(typeof(GateUpKernel), name.Tile!.Value, tile => [name.Activation!, tile.Tile, tile.Sums, tile.TokenAddresses]),
        ExpertKernel.Down => Streaming(typeof(DownKernel), name.Tile!.Value, static tile => [tile.Tile, tile.Sums, tile.TokenAddresses]),
        ExpertKernel.DownOfToken => Streaming(typeof(DownOfTokenKernel), name.Tile!.Value, static tile => [tile.Tile, tile.Sums]),
        ExpertKernel.TiledGateUp => Tiled(name.Activation!, typeof(GateUpRole)),

        // It never calls its activation, so all share one.
        ExpertKernel.TiledDown => Tiled(typeof(SwiGlu), typeof(DownRole)),
        ExpertKernel.Combine => Of(typeof(CombineKernel), CombineKernel.Threads, 0),
        ExpertKernel.RmsNorm => new(Method(typeof(RmsNormKernel)), new(RmsNormKernel.Threads), RmsNormKernel.SharedBytes),
        ExpertKernel.Product => Streaming(typeof(ProductKernel), name.Tile!.Value, static tile => [tile.Tile, tile.Sums, tile.TokenAddresses]),
        ExpertKernel.DecodeAttention => HeadTypes.Attention(name.HeadWidth!.Value),
        _ => throw new ArgumentOutOfRangeException(nameof(name), name, "expected a kernel"),
    };

    /// <summary>The method of a kernel class.</summary>
    internal static MethodInfo Method(Type kernel, params Type[] arguments)
    {
        var method = kernel.GetMethod("Run", BindingFlags.Static | BindingFlags.NonPublic)!;
        return arguments.Length == 0 ? method : method.MakeGenericMethod(arguments);
    }

    private static KernelEntry Of(Type kernel, int threads, int sharedBytesPerExpert) =>
        new(Method(kernel), new(threads), SharedBytesPerExpert: sharedBytesPerExpert);

    private static KernelEntry Streaming(Type kernel, TileShape tile, Func<TileShape, Type[]> arguments) =>
        new(Method(kernel, arguments(tile)), tile.Bounds, tile.SharedBytes);

    private static KernelEntry Tiled(Type activation, Type role) =>
        new(Method(typeof(TiledKernel), activation, role), new(TiledKernel.Threads), TiledMemory.Bytes);
}
