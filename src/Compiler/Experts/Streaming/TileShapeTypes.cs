namespace Moesaic.Kernels;

/// <summary>The types that a streaming kernel is made with for a tile, and what it needs then.</summary>
internal static class TileShapeTypes
{
    extension(TileShape shape)
    {
        internal KernelBounds Bounds => new(32 * shape.Warps, Math.Max(1, shape.WarpsPerProcessor / shape.Warps));

        internal int SharedBytes => StreamSums.Bytes(shape.RowTiles, shape.TokenTiles, shape.Warps);

        internal Type Tile => typeof(Tile<,,,>).MakeGenericType(
            INumberType.Of(shape.RowTiles), INumberType.Of(shape.TokenTiles), INumberType.Of(shape.Depth), INumberType.Of(shape.Warps));

        internal Type Sums => Nest(typeof(Sums4), typeof(Twice<>), shape.RowTiles * shape.TokenTiles);

        internal Type TokenAddresses => Nest(typeof(OneAddress), typeof(TwoAddresses<>), shape.TokenTiles);
    }

    private static Type Nest(Type leaf, Type pair, int count) => count == 1 ? leaf : pair.MakeGenericType(Nest(leaf, pair, count / 2));
}
