namespace Moesaic.Kernels;

/// <summary>Where a block stands in the order of items: a group of tiles of one expert, which share weights in the cache.</summary>
internal struct TiledWalk
{
    /// <summary>The group's first tile.</summary>
    internal int FirstTile;

    /// <summary>Tiles of the group.</summary>
    internal int Tiles;

    /// <summary>The group's first item.</summary>
    internal int FirstItem;

    internal static TiledWalk Start(long tiles, int count, int group) =>
        count == 0 ? default : new() { Tiles = Size(tiles, 0, group) };

    /// <summary>The group that has an item, which is not before this one.</summary>
    internal readonly TiledWalk To(long tiles, int item, int columnBlocks, int group)
    {
        var walk = this;
        while (item >= walk.FirstItem + (walk.Tiles * columnBlocks))
        {
            walk.FirstItem += walk.Tiles * columnBlocks;
            walk.FirstTile += walk.Tiles;
            walk.Tiles = Size(tiles, walk.FirstTile, group);
        }

        return walk;
    }

    /// <summary>The tiles that the expert has from this one on, in groups of about equal size.</summary>
    private static int Size(long tiles, int tile, int group)
    {
        var left = RouteTile.Load(tiles, tile).Left;
        var groups = (left + group - 1) / group;
        return (left + groups - 1) / groups;
    }
}
