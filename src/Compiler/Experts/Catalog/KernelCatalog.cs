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
        ExpertKernel.Count => Of(typeof(CountKernel), Alignment.Threads, CountKernel.Bytes(1)),
        ExpertKernel.Place => Of(typeof(PlaceKernel), Alignment.Threads, Alignment.Bytes(1)),
        ExpertKernel.Gather => Of(typeof(GatherKernel), GatherKernel.Threads, 0),
        ExpertKernel.GateUp => Streaming(typeof(GateUpKernel), name, static (name, tile) => [name.Activation!, Element(name), Weights(name), tile.Tile, tile.Sums, tile.TokenAddresses]),
        ExpertKernel.Down => Streaming(typeof(DownKernel), name, static (name, tile) => [Element(name), Weights(name), tile.Tile, tile.Sums, tile.TokenAddresses]),
        ExpertKernel.DownOfToken => Streaming(typeof(DownOfTokenKernel), name, static (name, tile) => [Element(name), Weights(name), tile.Tile, tile.Sums]),
        ExpertKernel.TiledGateUp => Tiled(name.Activation!, typeof(GateUpRole<>), name),

        // It never calls its activation, so all share one.
        ExpertKernel.TiledDown => Tiled(typeof(SwiGlu), typeof(DownRole<>), name),
        ExpertKernel.Combine => new(Method(typeof(CombineKernel), Element(name)), new(CombineKernel.Threads)),
        ExpertKernel.RmsNorm => new(Method(typeof(RmsNormKernel)), new(RmsNormKernel.Threads), RmsNormKernel.SharedBytes),
        ExpertKernel.Product => Streaming(typeof(ProductKernel), name, static (_, tile) => [tile.Tile, tile.Sums, tile.TokenAddresses]),
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

    private static KernelEntry Streaming(Type kernel, KernelName name, Func<KernelName, TileShape, Type[]> arguments)
    {
        var tile = name.Tile!.Value;
        return new(Method(kernel, arguments(name, tile)), tile.Bounds, tile.SharedBytes);
    }

    private static Type Element(KernelName name) => name.Format == WeightFormat.Float16 ? typeof(Halves) : typeof(BrainFloats);

    private static Type Weights(KernelName name) => name.Format switch
    {
        WeightFormat.E4M3 => typeof(E4M3Weights),
        WeightFormat.E2M1 => typeof(E2M1Weights),
        _ => typeof(PlainWeights),
    };

    private static KernelEntry Tiled(Type activation, Type role, KernelName name)
    {
        var plain = role.MakeGenericType(Element(name));
        if (!name.Format.IsCoded)
        {
            return new(Method(typeof(TiledKernel), activation, plain, name.InPairs ? typeof(BlockPair) : typeof(SoloBlock)), new(TiledKernel.Threads), TiledKernel.Bytes);
        }

        return new(
            Method(typeof(CodedTiledKernel), activation, typeof(CodedRole<>).MakeGenericType(plain), Weights(name)), new(CodedTiledKernel.Threads),
            name.Format == WeightFormat.E4M3 ? CodedTiledKernel.Bytes<E4M3Weights>() : CodedTiledKernel.Bytes<E2M1Weights>());
    }
}
