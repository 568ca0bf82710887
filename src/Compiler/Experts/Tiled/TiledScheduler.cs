using ILGPU;

namespace Moesaic.Kernels;

/// <summary>The warp of <see cref="TiledKernel"/> that takes items and says what is in them, one item ahead of the others.</summary>
/// <remarks>
/// Blocks take items in one order and as they get done, so that those at work share weights in the cache: with a fixed share each,
/// they drift apart and read weights from memory several times.
/// </remarks>
internal struct TiledScheduler<TRole>
    where TRole : struct, ITiledRole
{
    internal TiledMemory Memory;
    internal long Order;
    internal long Weights;
    internal long Tiles;
    internal long NextItem;
    internal int Items;
    internal int ColumnBlocks;
    internal int BlockColumns;
    internal int Width;
    internal int Group;

    internal readonly void Run()
    {
        var lane = ILGPU.Group.IdxX & 31;
        var index = Grid.IdxX;
        var walk = TiledWalk.Start(Tiles, Items, Group);
        for (var taken = 0; index < Items; taken++)
        {
            walk = walk.To(Tiles, index, ColumnBlocks, Group);
            var item = TiledItem.Of(Tiles, walk, index, BlockColumns, Width);
            var place = Wait(taken);
            for (var route = lane; route < item.Count; route += 32)
            {
                if (TRole.IsDown)
                {
                    BlockMemory.StoreInt(Memory.Rows(place) + (uint)(4 * route), GlobalMemory.LoadFreshInt(Order + (4L * (item.Begin + route))));
                }

                BlockMemory.StoreFloat(Memory.Weights(place) + (uint)(4 * route), GlobalMemory.LoadFreshFloat(Weights + (4L * (item.Begin + route))));
            }

            Publish(item, place, lane);
            var next = 0;
            if (lane == 0)
            {
                next = GlobalMemory.Add(NextItem, 1);
            }

            index = Grid.DimX + Warp.Shuffle(next, 0);
            if (index >= Items)
            {
                Publish(TiledItem.None, Wait(taken + 1), lane);
            }
        }

        if (Grid.IdxX >= Items)
        {
            Publish(TiledItem.None, 0, lane);
        }
    }

    private readonly int Wait(int taken)
    {
        var place = taken % TiledMemory.Items;
        AsyncBarrier.Wait(Memory.ItemEmpty(place), ((taken / TiledMemory.Items) & 1) ^ 1);
        return place;
    }

    private readonly void Publish(TiledItem item, int place, int lane)
    {
        if (lane == 0)
        {
            item.Store(Memory.Item(place));
        }

        AsyncBarrier.Arrive(Memory.ItemFull(place));
    }
}
