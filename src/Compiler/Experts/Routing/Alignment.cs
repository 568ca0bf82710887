using ILGPU;

namespace Moesaic.Kernels;

/// <summary>Routes sorted by expert, and cut into tiles of one expert each, by one block of 32 warps. The sort is stable.</summary>
/// <remarks>
/// <code>
///   ids     [R]      the expert of slot t K + k
///   order   [R]      slots, those of expert 0 first
///   tiles   [≤ R]    RouteTile: expert, begin, end in order
///   count   [1]      how many tiles there are
///
///   shared  counts [32, E]: of each warp's part of the slots; then where each warp's routes of an expert go
///           starts [E]: where each expert's routes begin
///           firstTiles [E]
/// </code>
/// Nothing here depends on the order in which warps run. Needs at most <see cref="Threads"/> experts.
/// </remarks>
internal static class Alignment
{
    internal const int Threads = 1024;

    private const int Warps = Threads / 32;

    /// <summary>Shared memory of the block.</summary>
    internal static int Bytes(int experts) => (Warps + 2) * experts * sizeof(int);

    /// <summary>All threads of the block call it.</summary>
    internal static void Run(long ids, long order, long tiles, long tileCount, int routes, int experts, int tileRoutes)
    {
        var shared = SharedMemory.GetDynamic<int>();
        var (starts, firstTiles) = (Warps * experts, (Warps + 1) * experts);
        var (thread, lane, warp) = (Group.IdxX, Group.IdxX & 31, Group.IdxX >> 5);

        // Count.
        for (var i = thread; i < Warps * experts; i += Threads)
        {
            shared[i] = 0;
        }

        Group.Barrier();
        var part = (routes + Threads - 1) / Threads * 32;
        for (var first = warp * part; first < (warp + 1) * part; first += 32)
        {
            var expert = ExpertOf(ids, first + lane, routes);
            var same = WarpVotes.Match(expert);
            if (expert >= 0 && IsFirst(same, lane))
            {
                shared[(warp * experts) + expert] += IntrinsicMath.PopCount(same);
            }

            Warp.Barrier();
        }

        Group.Barrier();

        // Each warp's routes of an expert follow those of the warps before it.
        if (thread < experts)
        {
            var sum = 0;
            for (var w = 0; w < Warps; w++)
            {
                var count = shared[(w * experts) + thread];
                shared[(w * experts) + thread] = sum;
                sum += count;
            }

            shared[starts + thread] = sum;
        }

        Group.Barrier();
        if (warp == 0)
        {
            Scan(shared, lane, starts, firstTiles, experts, tileRoutes, tileCount);
        }

        Group.Barrier();

        // Cut into tiles.
        if (thread < experts)
        {
            var begin = shared[starts + thread];
            var end = thread + 1 < experts ? shared[starts + thread + 1] : routes;
            var index = shared[firstTiles + thread];
            for (; begin < end; begin += tileRoutes, index++)
            {
                new RouteTile { Expert = thread, Begin = begin, End = begin + tileRoutes < end ? begin + tileRoutes : end }.Store(tiles, index);
            }
        }

        // Place.
        for (var first = warp * part; first < (warp + 1) * part; first += 32)
        {
            var expert = ExpertOf(ids, first + lane, routes);
            var same = WarpVotes.Match(expert);
            if (expert >= 0)
            {
                var before = IntrinsicMath.PopCount(same & ((1u << lane) - 1u));
                GlobalMemory.StoreInt(order + (4L * (shared[starts + expert] + shared[(warp * experts) + expert] + before)), first + lane);
            }

            Warp.Barrier();
            if (expert >= 0 && IsFirst(same, lane))
            {
                shared[(warp * experts) + expert] += IntrinsicMath.PopCount(same);
            }

            Warp.Barrier();
        }
    }

    private static int ExpertOf(long ids, int slot, int routes) => slot < routes ? GlobalMemory.LoadInt(ids + (4L * slot)) : -1;

    private static bool IsFirst(uint lanes, int lane) => (lanes & ((1u << lane) - 1u)) == 0;

    /// <summary>Counts in starts become positions; how many tiles come before each expert.</summary>
    private static void Scan(ArrayView<int> shared, int lane, int starts, int firstTiles, int experts, int tileRoutes, long tileCount)
    {
        var (routesBefore, tilesBefore) = (0, 0);
        for (var first = 0; first < experts; first += 32)
        {
            var expert = first + lane;
            var count = expert < experts ? shared[starts + expert] : 0;
            var cut = (count + tileRoutes - 1) / tileRoutes;
            var (routes, tiles) = (InclusiveSum(count, lane), InclusiveSum(cut, lane));
            if (expert < experts)
            {
                shared[starts + expert] = routesBefore + routes - count;
                shared[firstTiles + expert] = tilesBefore + tiles - cut;
            }

            routesBefore += Warp.Shuffle(routes, 31);
            tilesBefore += Warp.Shuffle(tiles, 31);
        }

        if (lane == 0)
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
