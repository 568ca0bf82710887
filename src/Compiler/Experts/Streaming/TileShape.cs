namespace Moesaic.Kernels;

/// <summary>The numbers of a <see cref="Tile{TRowTiles, TTokenTiles, TDepth, TWarps}"/>, and the types a kernel is made with for them.</summary>
/// <param name="RowTiles">Tiles of 16 weight rows.</param>
/// <param name="TokenTiles">Tiles of 8 tokens.</param>
/// <param name="Depth">Steps of 32 columns in flight.</param>
/// <param name="Warps">Of a block.</param>
internal readonly record struct TileShape(int RowTiles, int TokenTiles, int Depth, int Warps)
{
    // What 16 warps leave each other of a multiprocessor's registers, 128 a thread, is what these kernels need.
    private const int WarpsPerProcessor = 16;

    internal int Threads => 32 * Warps;

    internal KernelBounds Bounds => new(Threads, Math.Max(1, WarpsPerProcessor / Warps));

    internal int SharedBytes => StreamSums.Bytes(RowTiles, TokenTiles, Warps);

    internal int Tokens => 8 * TokenTiles;

    internal Type Tile => typeof(Tile<,,,>).MakeGenericType(
        INumberType.Of(RowTiles), INumberType.Of(TokenTiles), INumberType.Of(Depth), INumberType.Of(Warps));

    internal Type Sums => Nest(typeof(Sums4), typeof(Twice<>), RowTiles * TokenTiles);

    internal Type TokenAddresses => Nest(typeof(OneAddress), typeof(TwoAddresses<>), TokenTiles);

    public override string ToString() => $"{16 * RowTiles}x{Tokens} depth {Depth} warps {Warps}";

    private static Type Nest(Type leaf, Type pair, int count) => count == 1 ? leaf : pair.MakeGenericType(Nest(leaf, pair, count / 2));
}
