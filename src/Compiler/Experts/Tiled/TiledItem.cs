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
    internal static TiledItem Of(long tiles, TiledWalk walk, int index, int blockColumns, int width)
    {
        var inGroup = index - walk.FirstItem;
        var block = inGroup / walk.Tiles;
        var tile = RouteTile.Load(tiles, walk.FirstTile + inGroup - (block * walk.Tiles));

        // The last block moves back to be full; what it shares with the block before, both compute alike.
        var column = block * blockColumns;
        return new() { Expert = tile.Expert, Begin = tile.Begin, Count = tile.End - tile.Begin, Column = column + blockColumns <= width ? column : width - blockColumns };
    }

    internal static TiledItem Load(uint address)
    {
        var bits = BlockMemory.LoadBits4(address);
        return new() { Expert = (int)bits.X, Begin = (int)bits.Y, Count = (int)bits.Z, Column = (int)bits.W };
    }

    internal readonly void Store(uint address) => BlockMemory.StoreBits4(
        address, new() { X = (uint)Expert, Y = (uint)Begin, Z = (uint)Count, W = (uint)Column });
}
