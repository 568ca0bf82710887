namespace Moesaic.Kernels;

/// <summary>One piece of work of a block: a tile of routes times a block of weight rows. In shared memory: four int32.</summary>
internal struct TiledItem
{
    internal const int Bytes = 16;

    internal int Expert;
    internal int Begin;

    /// <summary>Routes; less than none says that there is no more work.</summary>
    internal int Count;

    /// <summary>The first column of the result.</summary>
    internal int Column;

    internal static TiledItem None => new() { Count = -1 };

    /// <summary>
    /// Work number <paramref name="index"/>. Blocks that run at the same time have consecutive numbers: the tiles of a group, and for
    /// each the same rows of weights, which then come from the cache.
    /// </summary>
    /// <param name="tiles">Of all experts.</param>
    /// <param name="index">From 0 on.</param>
    /// <param name="columnBlocks">Items of a tile.</param>
    /// <param name="group">The most tiles of a group, all of one expert.</param>
    /// <param name="blockColumns">Of an item.</param>
    /// <param name="width">Columns of the result.</param>
    internal static TiledItem Of<TBlocks>(long tiles, int index, int columnBlocks, int group, int blockColumns, int width)
        where TBlocks : struct, ITiledBlocks
    {
        // Numbers go from expert to expert as those of tile after tile would.
        var any = RouteTile.Load(tiles, index / columnBlocks);
        var groups = (any.Count + group - 1) / group;
        var own = (((any.Number + 1) * groups) - 1) / any.Count;
        var (from, end) = (own * any.Count / groups, (own + 1) * any.Count / groups);
        var firstTile = (index / columnBlocks) - any.Number + from;
        var inGroup = index - (firstTile * columnBlocks);
        var block = inGroup / (end - from);
        var tile = RouteTile.Load(tiles, firstTile + inGroup - (block * (end - from)));

        // The last block moves back to be full; what it shares with the block before, both compute alike.
        var column = block * blockColumns;
        var (begin, count) = (tile.Begin, tile.End - tile.Begin);
        if (TBlocks.Count == 2)
        {
            // Halves, in units of 16.
            var first = (count + 31) / 32 * 16;
            first = first < count ? first : count;
            var isSecond = ClusterBlocks.Rank() != 0;
            begin += isSecond ? first : 0;
            count = isSecond ? count - first : first;
        }

        return new() { Expert = tile.Expert, Begin = begin, Count = count, Column = column + blockColumns <= width ? column : width - blockColumns };
    }

    internal static TiledItem Load(uint address)
    {
        var bits = BlockMemory.LoadBits4(address);
        return new() { Expert = (int)bits.X, Begin = (int)bits.Y, Count = (int)bits.Z, Column = (int)bits.W };
    }

    internal readonly void Store(uint address) => BlockMemory.StoreBits4(
        address, new() { X = (uint)Expert, Y = (uint)Begin, Z = (uint)Count, W = (uint)Column });
}
