using ILGPU;

namespace Moesaic.Kernels;

/// <summary>Routes sorted by expert, and cut into tiles of one expert each, by one block of 32 warps or more. The sort is stable.</summary>
/// <remarks>
/// <code>
///   ids     [R]      the expert of slot t K + k
///   order   [R]      slots, those of expert 0 first
///   tiles   [≤ R]    RouteTile: expert, begin, end in order
///   count   [1]      how many tiles there are
///
///   shared  counts [≤ 32, E]: of each warp's part of the slots; then where each warp's routes of an expert go
///           starts [E]: where each expert's routes begin
///           firstTiles [E]
/// </code>
/// Nothing here depends on the order in which warps run. Needs at most <see cref="Threads"/> experts.
/// </remarks>
internal static class Alignment
{
    internal const int Threads = 1024;

    private const int Warps = Threads / 32;

    // Tiles end at multiples of it, where it is no more than a tile: products have so many tokens, or twice as many, and so on.
    private const int TileUnit = 16;

    /// <summary>Shared memory of the block.</summary>
    internal static int Bytes(int experts) => (Warps + 2) * experts * sizeof(int);

    /// <summary>All threads of the only block call it.</summary>
    internal static void Run(long ids, long order, long tiles, long tileCount, int routes, int experts, int tileRoutes) =>
        Run(ids, 0, 0, order, 0, tiles, tileCount, routes, experts, tileRoutes, 0);

    /// <summary>All threads of one block of many call it. Each places its <see cref="RoutePart"/>, the first cuts the tiles.</summary>
    /// <param name="ids">[R] int32.</param>
    /// <param name="weights">[R] float32, or 0.</param>
    /// <param name="counts">[blocks, E] int32 of <see cref="CountKernel"/>; 0 where there is one block.</param>
    /// <param name="order">[R] int32.</param>
    /// <param name="sortedWeights">[R] float32: those of the slots in order; 0 where nobody asks.</param>
    /// <param name="tiles">[≤ R].</param>
    /// <param name="tileCount">[1] int32.</param>
    /// <param name="routes">R.</param>
    /// <param name="experts">E.</param>
    /// <param name="tileRoutes">Routes of a tile.</param>
    /// <param name="spareRoutes">So many more may be in one, rather than in a small one of their own.</param>
    internal static void Run(
        long ids, long weights, long counts, long order, long sortedWeights, long tiles, long tileCount, int routes, int experts, int tileRoutes, int spareRoutes)
    {
        var shared = SharedMemory.GetDynamic<int>();
        var (thread, lane, warp) = (Group.IdxX, Group.IdxX & 31, Group.IdxX >> 5);

        // Count, by as many warps as there are slots for.
        var block = RoutePart.Of(routes);
        var part = (block.End - block.Begin + Threads - 1) / Threads * 32;
        var begin = block.Begin + (warp * part);
        var warps = Math.Min((block.End - block.Begin + 31) / 32, Warps);
        var (starts, firstTiles) = (warps * experts, (warps + 1) * experts);
        for (var i = thread; i < (warps + 2) * experts; i += Threads)
        {
            shared[i] = 0;
        }

        Group.Barrier();
        for (var first = begin; first < begin + part; first += 32)
        {
            var expert = ExpertOf(ids, first + lane, block.End);
            var same = WarpVotes.Match(expert);
            if (expert >= 0 && IsFirst(same, lane))
            {
                shared[(warp * experts) + expert] += IntrinsicMath.PopCount(same);
            }

            Warp.Barrier();
        }

        if (counts != 0)
        {
            SumBlocks(shared, counts, experts, starts, firstTiles);
        }

        Group.Barrier();

        // Each warp's routes of an expert follow those of the warps before it, and these those of the blocks before.
        if (thread < experts)
        {
            var sum = shared[firstTiles + thread];
            for (var w = 0; w < warps; w++)
            {
                var count = shared[(w * experts) + thread];
                shared[(w * experts) + thread] = sum;
                sum += count;
            }

            shared[starts + thread] = counts != 0 ? shared[starts + thread] : sum;
        }

        Group.Barrier();
        if (warp == 0)
        {
            Scan(shared, lane, starts, firstTiles, experts, tileRoutes, spareRoutes, Grid.IdxX == 0 ? tileCount : 0);
        }

        Group.Barrier();

        // Cut into tiles.
        if (thread < experts && Grid.IdxX == 0)
        {
            var from = shared[starts + thread];
            var end = thread + 1 < experts ? shared[starts + thread + 1] : routes;
            Cut(tiles, shared[firstTiles + thread], thread, from, end - from, tileRoutes, spareRoutes);
        }

        // Place.
        for (var first = begin; first < begin + part; first += 32)
        {
            var expert = ExpertOf(ids, first + lane, block.End);
            var same = WarpVotes.Match(expert);
            if (expert >= 0)
            {
                var before = IntrinsicMath.PopCount(same & ((1u << lane) - 1u));
                var position = shared[starts + expert] + shared[(warp * experts) + expert] + before;
                GlobalMemory.StoreInt(order + (4L * position), first + lane);
                if (sortedWeights != 0)
                {
                    GlobalMemory.StoreFloat(sortedWeights + (4L * position), GlobalMemory.LoadFloat(weights + (4L * (first + lane))));
                }
            }

            Warp.Barrier();
            if (expert >= 0 && IsFirst(same, lane))
            {
                shared[(warp * experts) + expert] += IntrinsicMath.PopCount(same);
            }

            Warp.Barrier();
        }
    }

    /// <summary>Adds up what each expert has in all blocks, and in those before this one: as many threads an expert as there are.</summary>
    private static void SumBlocks(ArrayView<int> shared, long counts, int experts, int all, int before)
    {
        var (threads, expert) = (Threads / experts, Group.IdxX % experts);
        if (Group.IdxX >= threads * experts)
        {
            return;
        }

        var (sum, sumBefore) = (0, 0);
        for (var block = Group.IdxX / experts; block < Grid.DimX; block += threads)
        {
            var count = GlobalMemory.LoadInt(counts + (4L * ((block * experts) + expert)));
            sum += count;
            sumBefore += block < Grid.IdxX ? count : 0;
        }

        // In any order: they are integers.
        Atomic.Add(ref shared[all + expert], sum);
        Atomic.Add(ref shared[before + expert], sumBefore);
    }

    private static int ExpertOf(long ids, int slot, int end) => slot < end ? GlobalMemory.LoadInt(ids + (4L * slot)) : -1;

    private static bool IsFirst(uint lanes, int lane) => (lanes & ((1u << lane) - 1u)) == 0;

    /// <summary>An expert's routes in as few tiles as can hold them, of about equal size: a small one costs as much reading as a large one.</summary>
    private static void Cut(long tiles, int index, int expert, int begin, int count, int tileRoutes, int spareRoutes)
    {
        var unit = tileRoutes < TileUnit ? tileRoutes : TileUnit;
        var (units, cut) = ((count + unit - 1) / unit, Tiles(count, tileRoutes, spareRoutes));
        for (var tile = 0; tile < cut; tile++)
        {
            var (from, to) = (unit * (tile * units / cut), unit * ((tile + 1) * units / cut));
            new RouteTile { Expert = expert, Begin = begin + from, End = begin + (to < count ? to : count), Number = tile, Count = cut }.Store(tiles, index + tile);
        }
    }

    /// <summary>How many tiles an expert's routes make: one too few for the last of them, if that had no more than the spare ones.</summary>
    private static int Tiles(int count, int tileRoutes, int spareRoutes) =>
        count == 0 ? 0 : count <= tileRoutes ? 1 : (count - spareRoutes + tileRoutes - 1) / tileRoutes;

    /// <summary>Counts in starts become positions; how many tiles come before each expert.</summary>
    private static void Scan(ArrayView<int> shared, int lane, int starts, int firstTiles, int experts, int tileRoutes, int spareRoutes, long tileCount)
    {
        var (routesBefore, tilesBefore) = (0, 0);
        for (var first = 0; first < experts; first += 32)
        {
            var expert = first + lane;
            var count = expert < experts ? shared[starts + expert] : 0;
            var cut = Tiles(count, tileRoutes, spareRoutes);
            var (routes, tiles) = (InclusiveSum(count, lane), InclusiveSum(cut, lane));
            if (expert < experts)
            {
                shared[starts + expert] = routesBefore + routes - count;
                shared[firstTiles + expert] = tilesBefore + tiles - cut;
            }

            routesBefore += Warp.Shuffle(routes, 31);
            tilesBefore += Warp.Shuffle(tiles, 31);
        }

        if (lane == 0 && tileCount != 0)
        {
            GlobalMemory.StoreInt(tileCount, tilesBefore);
        }
    }

    private static int InclusiveSum(int value, int lane)
    {
        for (var distance = 1; distance < 32; distance <<= 1)
        {
            var other = Warp.ShuffleUp(value, distance);
            value += lane >= distance ? other : 0;
        }

        return value;
    }
}
