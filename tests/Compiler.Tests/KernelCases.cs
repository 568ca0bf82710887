namespace Moesaic.Kernels.Tests;

/// <summary>Every kernel, compiled once, for what it is most often used with.</summary>
internal static class KernelCases
{
    private static readonly TileShape Decode = new(RowTiles: 4, TokenTiles: 1, Depth: 2, Warps: 8);
    private static readonly TileShape Busy = new(RowTiles: 2, TokenTiles: 4, Depth: 2, Warps: 8);

    // 16, 32, 64, 96, 144, 160 tokens: two products of 64 weight rows for each 16 of 64 columns. 128 tokens: one product.
    private const int TiledProducts = (6 * 8) + 4;

    // The same with weights on the left always.
    private const int CodedTiledProducts = 7 * 8;

    // The first product of the second projection, and of a Linear, waits for the launch ahead, others do not.
    private const int FirstAndOthers = 2;

    private static readonly Dictionary<string, (Type Kernel, Type[] Arguments, KernelBounds Bounds, int Products)> All = new()
    {
        ["route"] = (typeof(RouteKernel), [], new(32 * RouteKernel.Warps), 0),
        ["align"] = (typeof(AlignKernel), [], new(Alignment.Threads), 0),
        ["gate up, decode"] = GateUp<SwiGlu>(Decode),
        ["gate up, busy"] = GateUp<SwiGlu>(Busy),
        ["gate up, GeGlu"] = GateUp<GeGlu>(Decode),
        ["gate up, GeGluTanh"] = GateUp<GeGluTanh>(Decode),
        ["gate up, ClampedSwiGlu"] = GateUp<ClampedSwiGlu>(Decode),
        ["gate up, no gate"] = GateUp<SquaredRelu>(Decode),
        ["gate up, an author's own"] = GateUp<AuthorsActivation>(Decode),
        ["gate up, float16"] = GateUp<SwiGlu>(Decode, typeof(Halves)),
        ["down, decode"] = Down(Decode),
        ["down, float16"] = Down(Decode, typeof(Halves)),
        ["down of token"] = DownOfToken(StreamTiles.Of(WeightFormat.BFloat16).Narrow.Down),
        ["gate up, e4m3"] = GateUp<SwiGlu>(StreamTiles.Of(WeightFormat.E4M3).Decode, weights: typeof(E4M3Weights)),
        ["gate up, e4m3, busy"] = GateUp<SwiGlu>(StreamTiles.Of(WeightFormat.E4M3).Busy, weights: typeof(E4M3Weights)),
        ["down, e4m3"] = Down(StreamTiles.Of(WeightFormat.E4M3).Few, weights: typeof(E4M3Weights)),
        ["down of token, e4m3"] = DownOfToken(StreamTiles.Of(WeightFormat.E4M3).Narrow.Down, weights: typeof(E4M3Weights)),
        ["gate up, e2m1"] = GateUp<ClampedSwiGlu>(StreamTiles.Of(WeightFormat.E2M1).Decode, weights: typeof(E2M1Weights)),
        ["gate up, e2m1, busy"] = GateUp<ClampedSwiGlu>(StreamTiles.Of(WeightFormat.E2M1).Busy, weights: typeof(E2M1Weights)),
        ["down, e2m1"] = Down(StreamTiles.Of(WeightFormat.E2M1).Few, weights: typeof(E2M1Weights)),
        ["down of token, e2m1"] = DownOfToken(StreamTiles.Of(WeightFormat.E2M1).Narrow.Down, weights: typeof(E2M1Weights)),
        ["count"] = (typeof(CountKernel), [], new(Alignment.Threads), 0),
        ["place"] = (typeof(PlaceKernel), [], new(Alignment.Threads), 0),
        ["gather"] = (typeof(GatherKernel), [], new(GatherKernel.Threads), 0),
        ["tiled gate up"] = Tiled<SwiGlu, GateUpRole<BrainFloats>>(),
        ["tiled gate up, an author's own"] = Tiled<AuthorsActivation, GateUpRole<BrainFloats>>(),
        ["tiled gate up, no gate"] = Tiled<SquaredRelu, GateUpRole<BrainFloats>>(),
        ["tiled gate up, float16"] = Tiled<SwiGlu, GateUpRole<Halves>>(),
        ["tiled down"] = Tiled<SwiGlu, DownRole<BrainFloats>>(),
        ["tiled gate up, in pairs"] = Tiled<SwiGlu, GateUpRole<BrainFloats>, BlockPair>(),
        ["tiled gate up, e4m3"] = CodedTiled<SwiGlu, GateUpRole<BrainFloats>, E4M3Weights>(),
        ["tiled down, e2m1"] = CodedTiled<SwiGlu, DownRole<BrainFloats>, E2M1Weights>(),
        ["combine"] = (typeof(CombineKernel), [typeof(BrainFloats)], new(CombineKernel.Threads), 0),
        ["combine, float16"] = (typeof(CombineKernel), [typeof(Halves)], new(CombineKernel.Threads), 0),
        ["rms norm"] = (typeof(RmsNormKernel), [], new(RmsNormKernel.Threads), 0),
        ["product, 8 rows"] = Product(new(RowTiles: 1, TokenTiles: 1, Depth: 4, Warps: 8)),
        ["product, 16 rows"] = Product(new(RowTiles: 1, TokenTiles: 2, Depth: 2, Warps: 8)),
        ["attention, heads of 64"] = Attention(64),
        ["attention, heads of 128"] = Attention(128),
    };

    private static readonly Lazy<Dictionary<string, PtxKernel>> Compiled = new(static () => All.ToDictionary(
        static pair => pair.Key, static pair => Compile(pair.Key, pair.Value.Kernel == typeof(TiledKernel) || pair.Value.Kernel == typeof(CodedTiledKernel) ? KernelTarget.Hopper : KernelTarget.Ampere)));

    internal static IEnumerable<string> Names => All.Keys;

    internal static PtxKernel Ptx(string name) => Compiled.Value[name];

    internal static PtxKernel Compile(string name, KernelTarget target)
    {
        var (kernel, arguments, bounds, _) = All[name];
        return KernelCompiler.Compile(KernelCatalog.Method(kernel, arguments), bounds, target);
    }

    /// <summary>Tensor core instructions it must have.</summary>
    internal static int Products(string name) => All[name].Products;

    private static (Type Kernel, Type[] Arguments, KernelBounds Bounds, int Products) GateUp<TActivation>(TileShape tile, Type? element = null, Type? weights = null) =>
        (typeof(GateUpKernel), [typeof(TActivation), .. Numbers(element, weights), tile.Tile, tile.Sums, tile.TokenAddresses], tile.Bounds, Products(tile, weights));

    private static (Type Kernel, Type[] Arguments, KernelBounds Bounds, int Products) Down(TileShape tile, Type? element = null, Type? weights = null) =>
        (typeof(DownKernel), [.. Numbers(element, weights), tile.Tile, tile.Sums, tile.TokenAddresses], tile.Bounds, FirstAndOthers * Products(tile, weights));

    private static (Type Kernel, Type[] Arguments, KernelBounds Bounds, int Products) DownOfToken(TileShape tile, Type? element = null, Type? weights = null) =>
        (typeof(DownOfTokenKernel), [.. Numbers(element, weights), tile.Tile, tile.Sums], tile.Bounds, FirstAndOthers * Products(tile, weights));

    private static Type[] Numbers(Type? element, Type? weights) => [element ?? typeof(BrainFloats), weights ?? typeof(PlainWeights)];

    // A unit of 32 columns is two products of 16; one of codes has 128.
    private static int Products(TileShape tile, Type? weights) => (weights is null ? 2 : 8) * tile.RowTiles * tile.TokenTiles * tile.Depth;

    private static (Type Kernel, Type[] Arguments, KernelBounds Bounds, int Products) Product(TileShape tile) =>
        (typeof(ProductKernel), [tile.Tile, tile.Sums, tile.TokenAddresses], tile.Bounds, FirstAndOthers * Products(tile, null));

    // Of 16 positions: scores in two tiles of 8, a product for each 16 dimensions; sums in a tile for each 16 dimensions.
    private static (Type Kernel, Type[] Arguments, KernelBounds Bounds, int Products) Attention(int width)
    {
        var entry = HeadTypes.Attention(width);
        return (typeof(DecodeAttentionKernel), entry.Method.GetGenericArguments(), entry.Bounds, (2 * width / 16) + (width / 16));
    }

    private static (Type Kernel, Type[] Arguments, KernelBounds Bounds, int Products) Tiled<TActivation, TRole>() => Tiled<TActivation, TRole, SoloBlock>();

    private static (Type Kernel, Type[] Arguments, KernelBounds Bounds, int Products) Tiled<TActivation, TRole, TBlocks>() =>
        (typeof(TiledKernel), [typeof(TActivation), typeof(TRole), typeof(TBlocks)], new(TiledKernel.Threads), TiledProducts);

    private static (Type Kernel, Type[] Arguments, KernelBounds Bounds, int Products) CodedTiled<TActivation, TRole, TWeights>()
        where TRole : struct, ITiledRole =>
        (typeof(CodedTiledKernel), [typeof(TActivation), typeof(CodedRole<TRole>), typeof(TWeights)], new(CodedTiledKernel.Threads), CodedTiledProducts);
}
