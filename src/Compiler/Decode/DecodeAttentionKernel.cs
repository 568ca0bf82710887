using ILGPU;

namespace Moesaic.Kernels;

/// <summary>One token of each row attends: its queries and its key are normed and turned, key and value go into the cache, and the heads see what is there.</summary>
/// <remarks>
/// <code>
///   q             [B, H d]     bf16      k, v [B, G d] bf16; rows of each so many elements apart
///   norms         [d]          bf16 or none
///   cos, sin      [r / 2]      bf16
///   position      [1]          int64     tokens that came before
///   keys, values  [B, G, S, d] bf16      room for S positions
///   sinks         [H]          bf16 or none
///   out           [B, H d]     bf16
///
///   grid    x: parts of the positions    y: row, key head, tile of up to 8 query heads
///   block   warps take 16 positions in turn; their sums meet in shared memory, those of blocks in device memory
///   parts   [y, x]             see DecodeParts
/// </code>
/// The last block of a row and key head that is done adds up the parts. Which block takes which positions depends on how many there are and
/// on the size of the launch alone. Position and cache are of steps before this one, so they are asked for before what the step has
/// computed is there. Replaces what GroupedQueryAttention does between its projections.
/// </remarks>
internal static class DecodeAttentionKernel
{
    internal const int Warps = 4;

    private const int Heads = DecodeParts.Heads;
    private const int Threads = 32 * Warps;
    private const int PrefetchedSteps = 16;

    // Of a head, and so of a rotation.
    private const int MostPairs = 64;

    /// <summary>Of a block: sums of all warps, where queries lay before; then facts; then what all threads are to know.</summary>
    internal static int SharedBytes(int width) => sizeof(float) * (Facts(width) + DecodeParts.Facts(DecodeParts.Most) + 1);

    internal static void Run<THead, TQueries, TKeys, TValues, TSums>(
        long q, int queryStride, long k, long v, int keyStride, long queryNorm, long keyNorm, float eps, long cos, long sin, int rotary, int interleaved,
        long position, long keys, long values, int capacity, long sinks, long parts, long counters, long output,
        int queryHeads, int keyHeads, int window, float scale, float cap)
        where THead : struct, IHeadWidth
        where TQueries : struct
        where TKeys : struct
        where TValues : struct
        where TSums : struct
    {
        var shared = SharedMemory.GetDynamic<float>();
        var (thread, lane, warp) = (Group.IdxX, Group.IdxX & 31, Group.IdxX >> 5);
        var width = THead.Value;
        var bytes = 2L * width;
        var share = queryHeads / keyHeads;
        var headTiles = (share + Heads - 1) / Heads;
        var firstOfShare = Grid.IdxY % headTiles * Heads;
        var keyHead = Grid.IdxY / headTiles % keyHeads;
        var row = Grid.IdxY / headTiles / keyHeads;
        var firstHead = (keyHead * share) + firstOfShare;
        var heads = share - firstOfShare < Heads ? share - firstOfShare : Heads;

        // The positions of this block: whole steps of 16. The last block has the last one.
        var last = GlobalMemory.LoadInt(position);
        var start = window > 0 && last + 1 > window ? last + 1 - window : 0;
        var firstStep = start / AttentionProduct.Positions;
        var steps = (last / AttentionProduct.Positions) + 1 - firstStep;
        var begin = firstStep + (Grid.IdxX * steps / Grid.DimX);
        var end = firstStep + ((Grid.IdxX + 1) * steps / Grid.DimX);
        var cache = (((long)row * keyHeads) + keyHead) * capacity * bytes;
        Prefetch(keys + cache, values + cache, begin * AttentionProduct.Positions * bytes, (end - begin < PrefetchedSteps ? end - begin : PrefetchedSteps) * AttentionProduct.Positions * bytes);
        EarlyStart.Wait();

        // Norm: a piece of 8 dimensions a thread; of heads that are not there, zeros.
        var pieces = width / 8;
        var (head, piece) = (thread / pieces, thread % pieces);
        var isHere = head < heads;
        var isLast = Grid.IdxX == Grid.DimX - 1;
        var angles = shared.SubView(Angles(width), 2 * MostPairs);
        var lines = shared.SubView(0, (Heads + 1) * width);
        Bits4 none = default;
        var query = isHere ? GlobalMemory.LoadBits4(q + (2L * row * queryStride) + ((firstHead + head) * bytes) + (16L * piece)) : none;
        var weights = queryNorm != 0 ? GlobalMemory.LoadBits4(queryNorm + (16L * piece)) : none;
        if (thread < rotary / 2)
        {
            angles[thread] = GlobalMemory.LoadBrainFloat(cos + (2L * thread));
            angles[MostPairs + thread] = GlobalMemory.LoadBrainFloat(sin + (2L * thread));
        }

        if (isLast && warp == 0)
        {
            var offset = (2L * row * keyStride) + (keyHead * bytes) + (16L * piece);
            var key = GlobalMemory.LoadBits4(k + offset);
            var keyWeights = keyNorm != 0 ? GlobalMemory.LoadBits4(keyNorm + (16L * piece)) : none;
            GlobalMemory.StoreBits4(values + cache + (last * bytes) + (16L * piece), GlobalMemory.LoadBits4(v + offset));
            DecodeHeads.Normed<THead>(key, keyWeights, keyNorm != 0, eps).Share(lines, (Heads * width) + (8 * piece));
        }

        var normed = DecodeHeads.Normed<THead>(query, weights, queryNorm != 0, eps);
        if (head < Heads)
        {
            normed.Share(lines, (head * width) + (8 * piece));
        }

        Group.Barrier();

        // Turn.
        var queries = shared.SubView(Queries(width), Heads * width / 2);
        var (cosines, sines) = (angles.SubView(0, MostPairs), angles.SubView(MostPairs, MostPairs));
        for (var i = thread; i < Heads * width / 2; i += Threads)
        {
            queries[i] = Interop.IntAsFloat(DecodeHeads.Turned(lines.SubView(2 * i / width * width, width), cosines, sines, 2 * i % width, rotary, interleaved));
        }

        if (isLast && thread < width / 2)
        {
            GlobalMemory.StoreInt(
                keys + cache + (last * bytes) + (4L * thread), (int)DecodeHeads.Turned(lines.SubView(Heads * width, width), cosines, sines, 2 * thread, rotary, interleaved));
        }

        Group.Barrier();

        // Attend: this lane's head is lane / 4 for scores, and two others for sums.
        var turned = AttentionProduct.LoadQueries<TQueries>(BlockMemory.Address(ref queries[0]) + (uint)(((lane >> 2) * 2 * width) + ((lane & 3) * 16)));
        var (largest, weight) = (float.NegativeInfinity, 0f);
        TSums sums = default;
        for (var step = begin + warp; step < end; step += Warps)
        {
            var place = step * AttentionProduct.Positions;
            var key = AttentionProduct.LoadKeys<TKeys>(keys + cache + ((place + (lane >> 2)) * bytes) + ((lane & 3) * 16L), 8 * bytes);
            var value = AttentionProduct.LoadValues<TValues>(values + cache + ((place + (2 * (lane & 3))) * bytes) + ((lane >> 2) * width / 4L), bytes);
            var scores = AttentionProduct.Scores<TQueries, TKeys>(turned, key);
            place += 2 * (lane & 3);
            var a = Score(scores.X, place, start, last, scale, cap);
            var b = Score(scores.Y, place + 1, start, last, scale, cap);
            var c = Score(scores.Z, place + 8, start, last, scale, cap);
            var d = Score(scores.W, place + 9, start, last, scale, cap);

            // A step has a position that is seen, so this is a number.
            var best = Larger(largest, QuadMax(Larger(Larger(a, b), Larger(c, d))));
            var factor = MathF.Exp(largest - best);
            largest = best;
            (a, b, c, d) = (MathF.Exp(a - best), MathF.Exp(b - best), MathF.Exp(c - best), MathF.Exp(d - best));
            weight = (weight * factor) + a + b + c + d;
            sums = AttentionProduct.Scale(sums, Warp.Shuffle(factor, (lane & 3) * 8), Warp.Shuffle(factor, ((lane & 3) * 8) + 4));
            sums = AttentionProduct.Weigh(sums, value, BrainFloat.Pack(a, b), BrainFloat.Pack(c, d));
        }

        weight += Warp.ShuffleXor(weight, 1);
        weight += Warp.ShuffleXor(weight, 2);

        // Add up the warps: queries are in registers, so their place is free.
        Group.Barrier();
        var facts = shared.SubView(Facts(width), DecodeParts.Facts(DecodeParts.Most) + 1);
        StreamProduct.Store(sums, BlockMemory.Address(ref shared[(warp * width * Heads) + lane]));
        if ((lane & 3) == 0)
        {
            facts[(warp * Heads) + (lane >> 2)] = largest;
            facts[((Warps + warp) * Heads) + (lane >> 2)] = weight;
        }

        Group.Barrier();
        DecodeParts.Weigh(facts, Warps, Warps);
        Piece sum = default;
        for (var other = 0; isHere && other < Warps; other++)
        {
            sum = sum.Plus(SumOfWarp(shared.SubView(other * width * Heads, width * Heads), width, head, 8 * piece).Times(facts[(other * Heads) + head]));
        }

        if (Grid.DimX == 1)
        {
            if (isHere)
            {
                Finish(output + (((long)row * queryHeads * bytes) + ((firstHead + head) * bytes) + (16L * piece)), sum, facts[(2 * Warps * Heads) + head], facts[(Warps * Heads) + head], sinks, firstHead + head);
            }

            return;
        }

        var all = parts + (4L * Grid.IdxY * Grid.DimX * DecodeParts.Floats(width));
        var mine = all + (4L * Grid.IdxX * DecodeParts.Floats(width));
        if (isHere)
        {
            sum.Store(mine + (4L * ((head * width) + (8 * piece))));
            if (piece == 0)
            {
                GlobalMemory.StoreFloat(mine + (4L * ((Heads * width) + head)), facts[(Warps * Heads) + head]);
                GlobalMemory.StoreFloat(mine + (4L * ((Heads * width) + Heads + head)), facts[(2 * Warps * Heads) + head]);
            }
        }

        // The last block that gets here has all parts before it.
        Group.Barrier();
        var ends = DecodeParts.Facts(DecodeParts.Most);
        if (thread == 0)
        {
            GlobalMemory.Fence();
            var isEnd = GlobalMemory.Add(counters + (4L * Grid.IdxY), 1) + 1 == Grid.DimX;
            if (isEnd)
            {
                GlobalMemory.StoreInt(counters + (4L * Grid.IdxY), 0);
                GlobalMemory.Fence();
            }

            facts[ends] = isEnd ? 1f : 0f;
        }

        Group.Barrier();
        if (facts[ends] == 0f)
        {
            return;
        }

        DecodeParts.LoadFacts(facts, all, width, Grid.DimX);
        DecodeParts.Weigh(facts, Grid.DimX, Warps);
        if (isHere)
        {
            var count = Grid.DimX;
            Finish(
                output + (((long)row * queryHeads * bytes) + ((firstHead + head) * bytes) + (16L * piece)), DecodeParts.Sum(facts, all, width, count, head, 8 * piece),
                facts[(2 * count * Heads) + head], facts[(count * Heads) + head], sinks, firstHead + head);
        }
    }

    // Lines of heads and of the key, then queries, then angles; later the sums of warps, which are more.
    private static int Queries(int width) => (Heads + 1) * width;

    private static int Angles(int width) => Queries(width) + (Heads * width / 2);

    private static int Facts(int width) => Warps * width * Heads;

    private static void Prefetch(long keys, long values, long offset, long bytes)
    {
        const int line = 128;
        for (var at = (long)line * Group.IdxX; at < bytes; at += line * Threads)
        {
            GlobalMemory.Prefetch(keys + offset + at);
            GlobalMemory.Prefetch(values + offset + at);
        }
    }

    private static float Score(float product, int place, int start, int last, float scale, float cap)
    {
        var score = product * scale;
        if (cap > 0f)
        {
            score = cap * (1f - (2f / (1f + MathF.Exp(2f * score / cap))));
        }

        return place >= start && place <= last ? score : float.NegativeInfinity;
    }

    /// <summary>Piece dimensions of a head, from where lanes have left them: see <see cref="AttentionProduct"/>.</summary>
    private static Piece SumOfWarp(ArrayView<float> sums, int width, int head, int dimension)
    {
        var share = width / 8;
        var first = (dimension / share * 4) + (head >> 1) + (((4 * (dimension % share / 2)) + (head & 1)) * 32);
        return new()
        {
            A = sums[first],
            B = sums[first + 64],
            C = sums[first + 128],
            D = sums[first + 192],
            E = sums[first + 256],
            F = sums[first + 320],
            G = sums[first + 384],
            H = sums[first + 448],
        };
    }

    private static void Finish(long output, Piece sum, float weight, float largest, long sinks, int head)
    {
        if (sinks != 0)
        {
            weight += MathF.Exp(GlobalMemory.LoadBrainFloat(sinks + (2L * head)) - largest);
        }

        GlobalMemory.StoreBits4(output, sum.Times(1f / weight).Packed);
    }

    private static float Larger(float a, float b) => a > b ? a : b;

    private static float QuadMax(float value)
    {
        value = Larger(value, Warp.ShuffleXor(value, 1));
        return Larger(value, Warp.ShuffleXor(value, 2));
    }
}
