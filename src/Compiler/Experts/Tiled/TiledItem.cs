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
    /// Work number <paramref name="index"/>. Blocks that run at the same time have consecutive numbers: some tiles of routes, mostly of one
    /// expert, and for each the same rows of weights, which then come from the cache.
    /// </summary>
    internal static TiledItem Load(long tiles, int tileCount, int index, int columnBlocks, int blockColumns, int width, int group)
    {
        var wholeGroup = index / (group * columnBlocks);
        var inGroup = index - (wholeGroup * group * columnBlocks);
        var left = tileCount - (wholeGroup * group);
        var tilesOfGroup = left < group ? left : group;
        var block = inGroup / tilesOfGroup;
        var tile = RouteTile.Load(tiles, (wholeGroup * group) + inGroup - (block * tilesOfGroup));

        // The last block moves back to be full; what it shares with the block before, both compute alike.
        var column = block * blockColumns;
        return new() { Expert = tile.Expert, Begin = tile.Begin, Count = tile.End - tile.Begin, Column = column + blockColumns <= width ? column : width - blockColumns };
    }
}
