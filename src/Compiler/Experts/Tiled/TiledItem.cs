namespace Moesaic.Kernels;

/// <summary>One piece of work of a block: a tile of routes times a block of weight rows.</summary>
internal struct TiledItem
{
    internal int Expert;
    internal int Begin;
    internal int Count;

    /// <summary>The first column of the result.</summary>
    internal int Column;

    /// <summary>
    /// Work number <paramref name="index"/>. Blocks that run at the same time have consecutive numbers: the tiles of a group, and for
    /// each the same rows of weights, which then come from the cache.
    /// </summary>
    internal static TiledItem Load<TShape>(long tiles, TiledWalk walk, int index, int blockColumns, int width, int rank)
        where TShape : struct, ITiledShape
    {
        var inGroup = index - walk.FirstItem;
        var block = inGroup / walk.Tiles;
        var tile = RouteTile.Load(tiles, walk.FirstTile + inGroup - (block * walk.Tiles));

        // The last block moves back to be full; what it shares with the block before, both compute alike.
        var column = block * blockColumns;
        var item = new TiledItem { Expert = tile.Expert, Begin = tile.Begin, Count = tile.End - tile.Begin, Column = column + blockColumns <= width ? column : width - blockColumns };
        return TShape.Cluster > 1 ? item.Part(rank) : item;
    }

    /// <summary>Half of the routes, in eights; the second block of a cluster can have none.</summary>
    private readonly TiledItem Part(int rank)
    {
        var first = (Count + 15) / 16 * 8;
        first = first < Count ? first : Count;
        var part = this;
        part.Begin = Begin + (rank * first);
        part.Count = rank == 0 ? first : Count - first;
        return part;
    }
}
