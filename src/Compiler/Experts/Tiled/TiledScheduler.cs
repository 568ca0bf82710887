using ILGPU;

namespace Moesaic.Kernels;

/// <summary>The warp of <see cref="TiledKernel"/> that takes items and says what is in them, one item ahead of the others.</summary>
/// <remarks>
/// Blocks take items in one order and as they get done, so that those at work share weights in the cache: with a fixed share each,
/// they drift apart and read weights from memory several times.
/// </remarks>
internal struct TiledScheduler<TRole, TBlocks>
    where TRole : struct, ITiledRole
    where TBlocks : struct, ITiledBlocks
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
        var index = Grid.IdxX / TBlocks.Count;
        var (place, number) = (default(RingPlace), default(RingPlace));
        while (index < Items)
        {
            var item = TiledItem.Of<TBlocks>(Tiles, index, ColumnBlocks, Group, BlockColumns, Width);
            var routes = TiledRoutes.Load<TRole>(Order, Weights, item);
            AsyncBarrier.Wait(Memory.ItemEmpty(place.Index), place.Phase ^ 1);
            routes.Store<TRole>(Memory, place.Index);
            Publish(item, place.Index, lane);
            index = Next(number, lane);
            place = place.Next(TiledMemory.Items);
            number = number.Next(TiledMemory.Numbers);
        }

        AsyncBarrier.Wait(Memory.ItemEmpty(place.Index), place.Phase ^ 1);
        Publish(TiledItem.None, place.Index, lane);
    }

    private readonly int Next(RingPlace number, int lane)
    {
        var next = 0;
        if (TBlocks.Count == 1)
        {
            if (lane == 0)
            {
                next = GlobalMemory.Add(NextItem, 1);
            }

            return Grid.DimX + Warp.Shuffle(next, 0);
        }

        // One takes for both. It cannot be three items ahead of the other, without whose weights it ends none.
        if (lane == 0 && ClusterBlocks.Rank() == 0)
        {
            next = (Grid.DimX / TBlocks.Count) + GlobalMemory.Add(NextItem, 1);
            for (var rank = 0; rank < TBlocks.Count; rank++)
            {
                ClusterBlocks.Store(Memory.Number(number.Index), next, rank);
                ClusterBlocks.Release(Memory.NumberFull(number.Index), rank);
            }
        }

        ClusterBlocks.Wait(Memory.NumberFull(number.Index), number.Phase);
        return BlockMemory.LoadInt(Memory.Number(number.Index));
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
