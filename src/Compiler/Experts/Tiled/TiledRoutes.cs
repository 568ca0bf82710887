using ILGPU;

namespace Moesaic.Kernels;

/// <summary>What a lane of the scheduler brings of an item's routes, l, l + 32, … 160 in all: loaded together, since one after the other takes as long as an item.</summary>
internal struct TiledRoutes
{
    private int _slot0;
    private int _slot1;
    private int _slot2;
    private int _slot3;
    private int _slot4;
    private float _weight0;
    private float _weight1;
    private float _weight2;
    private float _weight3;
    private float _weight4;

    /// <summary>Asks for them; nobody waits yet.</summary>
    internal static TiledRoutes Load<TRole>(long order, long weights, TiledItem item)
        where TRole : struct, ITiledRole
    {
        // Past the end, the last one again.
        var (first, last) = (item.Begin + (Group.IdxX & 31), item.Begin + item.Count - 1);
        var routes = new TiledRoutes
        {
            _weight0 = Weight(weights, first, last),
            _weight1 = Weight(weights, first + 32, last),
            _weight2 = Weight(weights, first + 64, last),
            _weight3 = Weight(weights, first + 96, last),
            _weight4 = Weight(weights, first + 128, last),
        };
        if (TRole.IsDown)
        {
            routes._slot0 = Slot(order, first, last);
            routes._slot1 = Slot(order, first + 32, last);
            routes._slot2 = Slot(order, first + 64, last);
            routes._slot3 = Slot(order, first + 96, last);
            routes._slot4 = Slot(order, first + 128, last);
        }

        return routes;
    }

    /// <summary>Leaves them in shared memory.</summary>
    internal readonly void Store<TRole>(TiledMemory memory, int place)
        where TRole : struct, ITiledRole
    {
        var (slot, weight) = (memory.Rows(place) + (uint)(4 * (Group.IdxX & 31)), memory.Weights(place) + (uint)(4 * (Group.IdxX & 31)));
        BlockMemory.StoreFloat(weight, _weight0);
        BlockMemory.StoreFloat(weight + 128, _weight1);
        BlockMemory.StoreFloat(weight + 256, _weight2);
        BlockMemory.StoreFloat(weight + 384, _weight3);
        BlockMemory.StoreFloat(weight + 512, _weight4);
        if (TRole.IsDown)
        {
            BlockMemory.StoreInt(slot, _slot0);
            BlockMemory.StoreInt(slot + 128, _slot1);
            BlockMemory.StoreInt(slot + 256, _slot2);
            BlockMemory.StoreInt(slot + 384, _slot3);
            BlockMemory.StoreInt(slot + 512, _slot4);
        }
    }

    private static float Weight(long weights, int route, int last) => GlobalMemory.LoadFreshFloat(weights + (4L * (route < last ? route : last)));

    private static int Slot(long order, int route, int last) => GlobalMemory.LoadFreshInt(order + (4L * (route < last ? route : last)));
}
