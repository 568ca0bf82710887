namespace Moesaic.Kernels.Tests;

/// <summary>Every kernel, compiled once, for what it is most often used with.</summary>
internal static class KernelCases
{
    private static readonly TileShape Decode = new(RowTiles: 4, TokenTiles: 1, Depth: 2, Warps: 8);
    private static readonly TileShape Busy = new(RowTiles: 2, TokenTiles: 4, Depth: 2, Warps: 8);
    private static readonly TileShape OneToken = new(RowTiles: 1, TokenTiles: 1, Depth: 8, Warps: 16);

    // 16, 32, 64, 96, 144, 160 tokens: two products of 64 weight rows for each 16 of 64 columns. 128 tokens: one product.
    private const int TiledProducts = (6 * 8) + 4;

    private static readonly Dictionary<string, (Type Kernel, Type[] Arguments, KernelBounds Bounds, int Products)> All = new()
    {
        ["route"] = (typeof(RouteKernel), [], new(32 * RouteKernel.Warps), 0),
        ["align"] = (typeof(AlignKernel), [], new(Alignment.Threads), 0),
        ["route and align"] = (typeof(RouteAndAlignKernel), [], new(Alignment.Threads), 0),
        ["gate up, decode"] = GateUp<SwiGlu>(Decode),
        ["gate up, busy"] = GateUp<SwiGlu>(Busy),
        ["gate up, GeGlu"] = GateUp<GeGlu>(Decode),
        ["gate up, GeGluTanh"] = GateUp<GeGluTanh>(Decode),
        ["gate up, ClampedSwiGlu"] = GateUp<ClampedSwiGlu>(Decode),
        ["gate up, no gate"] = GateUp<SquaredRelu>(Decode),
        ["gate up, an author's own"] = GateUp<AuthorsActivation>(Decode),
        ["down, decode"] = (typeof(DownKernel), [Decode.Tile, Decode.Sums, Decode.TokenAddresses], Decode.Bounds, Products(Decode)),
        ["down of token"] = (typeof(DownOfTokenKernel), [OneToken.Tile, OneToken.Sums], OneToken.Bounds, Products(OneToken)),
        ["count"] = (typeof(CountKernel), [], new(Alignment.Threads), 0),
        ["place"] = (typeof(PlaceKernel), [], new(Alignment.Threads), 0),
        ["gather"] = (typeof(GatherKernel), [], new(GatherKernel.Threads), 0),
        ["tiled gate up"] = Tiled<SwiGlu, GateUpRole>(),
        ["tiled gate up, an author's own"] = Tiled<AuthorsActivation, GateUpRole>(),
        ["tiled gate up, no gate"] = Tiled<SquaredRelu, GateUpRole>(),
        ["tiled down"] = Tiled<SwiGlu, DownRole>(),
        ["route a token"] = (typeof(RouteTokenKernel), [], new(RouteTokenKernel.Threads), 0),
        ["rms norm"] = (typeof(RmsNormKernel), [], new(RmsNormKernel.Threads), 0),
        ["product, 8 rows"] = Product(new(RowTiles: 1, TokenTiles: 1, Depth: 4, Warps: 8)),
        ["product, 16 rows"] = Product(new(RowTiles: 1, TokenTiles: 2, Depth: 2, Warps: 8)),
        ["attention, heads of 64"] = Attention(64),
        ["attention, heads of 128"] = Attention(128),
        ["combine"] = (typeof(CombineKernel), [], new(CombineKernel.Threads), 0),
    };

    private static readonly Lazy<Dictionary<string, PtxKernel>> Compiled = new(static () => All.ToDictionary(
        static pair => pair.Key, static pair => Compile(pair.Key, pair.Value.Kernel == typeof(TiledKernel) ? KernelTarget.Hopper : KernelTarget.Ampere)));

    internal static IEnumerable<string> Names => All.Keys;

    internal static PtxKernel Ptx(string name) => Compiled.Value[name];

    internal static PtxKernel Compile(string name, KernelTarget target)
    {
        var (kernel, arguments, bounds, _) = All[name];
        return KernelCompiler.Compile(KernelCatalog.Method(kernel, arguments), bounds, target);
    }

    /// <summary>Tensor core instructions it must have.</summary>
    internal static int Products(string name) => All[name].Products;

    private static (Type Kernel, Type[] Arguments, KernelBounds Bounds, int Products) GateUp<TActivation>(TileShape tile) =>
        (typeof(GateUpKernel), [typeof(TActivation), tile.Tile, tile.Sums, tile.TokenAddresses], tile.Bounds, Products(tile));

    private static (Type Kernel, Type[] Arguments, KernelBounds Bounds, int Products) Product(TileShape tile) =>
        (typeof(ProductKernel), [tile.Tile, tile.Sums, tile.TokenAddresses], tile.Bounds, Products(tile));

    // Of 16 positions: scores in two tiles of 8, a product for each 16 dimensions; sums in a tile for each 16 dimensions.
    private static (Type Kernel, Type[] Arguments, KernelBounds Bounds, int Products) Attention(int width)
    {
        var entry = HeadTypes.Attention(width);
        return (typeof(DecodeAttentionKernel), entry.Method.GetGenericArguments(), entry.Bounds, (2 * width / 16) + (width / 16));
    }

    // A step of 32 columns is two products of 16.
    private static int Products(TileShape tile) => 2 * tile.RowTiles * tile.TokenTiles * tile.Depth;

    private static (Type Kernel, Type[] Arguments, KernelBounds Bounds, int Products) Tiled<TActivation, TRole>() =>
        (typeof(TiledKernel), [typeof(TActivation), typeof(TRole)], new(TiledKernel.Threads), TiledProducts);
}
