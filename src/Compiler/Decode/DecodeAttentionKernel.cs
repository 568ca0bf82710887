using ILGPU;

namespace Moesaic.Kernels;

/// <summary>One token of each row attends: its queries and its key are normed and turned, key and value go into the cache, and the heads see what is there.</summary>
/// <remarks>
/// <code>
///   q             [B, H d]     bf16      k, v [B, G d] bf16; rows of each so many elements apart
///   norms         [d]          bf16 or none
///   cos, sin      [r / 2]      bf16; r a multiple of 16
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

    /// <summary>Of a block: sums of all warps, their facts, queries, and whether this block is the last of a head.</summary>
    internal static int SharedBytes(int width) => sizeof(float) * (End(width) + 1);

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

        // Norm and turn: a piece of 8 dimensions a thread; of heads that are not there, zeros.
        var pieces = width / 8;
        var (head, piece) = (thread / pieces, thread % pieces);
        var isHere = head < heads;
        Bits4 none = default;
        var query = isHere ? GlobalMemory.LoadBits4(q + (2L * row * queryStride) + ((firstHead + head) * bytes) + (16L * piece)) : none;
        var weights = queryNorm != 0 ? GlobalMemory.LoadBits4(queryNorm + (16L * piece)) : none;
        var angle = DecodeAngle.Load(cos, sin, piece, rotary, interleaved);
        if (warp == 0 && Grid.IdxX == Grid.DimX - 1)
        {
            var offset = (2L * row * keyStride) + (keyHead * bytes) + (16L * piece);
            var key = GlobalMemory.LoadBits4(k + offset);
            var value = GlobalMemory.LoadBits4(v + offset);
            var keyWeights = keyNorm != 0 ? GlobalMemory.LoadBits4(keyNorm + (16L * piece)) : none;
            var normed = DecodeHeads.Normed<THead>(key, keyWeights, keyNorm != 0, eps);
            GlobalMemory.StoreBits4(keys + cache + (last * bytes) + (16L * piece), DecodeHeads.Turned(normed, angle, piece, rotary, interleaved).Packed);
            GlobalMemory.StoreBits4(values + cache + (last * bytes) + (16L * piece), value);
        }

        var queries = BlockMemory.Address(ref shared[Queries(width)]);
        var turned = DecodeHeads.Turned(DecodeHeads.Normed<THead>(query, weights, queryNorm != 0, eps), angle, piece, rotary, interleaved);
        if (head < Heads)
        {
            BlockMemory.StoreBits4(queries + (uint)((head * 2 * width) + (16 * piece)), turned.Packed);
        }

        Group.Barrier();

        // Attend: this lane's head is lane / 4 for scores, and two others for sums.
        var left = AttentionProduct.LoadQueries<TQueries>(queries + (uint)(((lane >> 2) * 2 * width) + ((lane & 3) * 16)));
        var (largest, weight) = (float.MinValue, 0f);
        TSums sums = default;
        for (var step = begin + warp; step < end; step += Warps)
        {
            var place = step * AttentionProduct.Positions;
            var key = AttentionProduct.LoadKeys<TKeys>(keys + cache + ((place + (lane >> 2)) * bytes) + ((lane & 3) * 16L), 8 * bytes);
            var value = AttentionProduct.LoadValues<TValues>(values + cache + ((place + (2 * (lane & 3))) * bytes) + ((lane >> 2) * width / 4L), bytes);
            var scores = AttentionProduct.Scores<TQueries, TKeys>(left, key);
            place += 2 * (lane & 3);
            var a = Score(scores.X, place, start, last, scale, cap);
            var b = Score(scores.Y, place + 1, start, last, scale, cap);
            var c = Score(scores.Z, place + 8, start, last, scale, cap);
            var d = Score(scores.W, place + 9, start, last, scale, cap);

            // A step has a position that is seen, so this is a number.
            var best = MathF.Max(largest, QuadMax(MathF.Max(MathF.Max(a, b), MathF.Max(c, d))));
            var factor = MathF.Exp(largest - best);
            largest = best;
            (a, b, c, d) = (MathF.Exp(a - best), MathF.Exp(b - best), MathF.Exp(c - best), MathF.Exp(d - best));
            weight = (weight * factor) + a + b + c + d;
            sums = AttentionProduct.Scale(sums, Warp.Shuffle(factor, (lane & 3) * 8), Warp.Shuffle(factor, ((lane & 3) * 8) + 4));
            sums = AttentionProduct.Weigh(sums, value, BrainFloat.Pack(a, b), BrainFloat.Pack(c, d));
        }

        weight += Warp.ShuffleXor(weight, 1);
        weight += Warp.ShuffleXor(weight, 2);

        // Add up the four warps.
        var facts = shared.SubView(Facts(width), 2 * Warps * Heads);
        StreamProduct.Store(sums, BlockMemory.Address(ref shared[(warp * width * Heads) + lane]));
        if ((lane & 3) == 0)
        {
            facts[(warp * Heads) + (lane >> 2)] = largest;
            facts[((Warps + warp) * Heads) + (lane >> 2)] = weight;
        }

        Group.Barrier();
        var address = output + (((long)row * queryHeads * bytes) + ((firstHead + head) * bytes) + (16L * piece));
        var all = parts + (4L * Grid.IdxY * Grid.DimX * DecodeParts.Floats(width));
        if (isHere)
        {
            var sum = DecodePart.None.Plus(
                OfWarp(shared, facts, 0, width, head, 8 * piece), OfWarp(shared, facts, 1, width, head, 8 * piece),
                OfWarp(shared, facts, 2, width, head, 8 * piece), OfWarp(shared, facts, 3, width, head, 8 * piece));
            if (Grid.DimX == 1)
            {
                Finish(address, sum, sinks, firstHead + head);
            }
            else
            {
                DecodeParts.Store(sum, all + (4L * Grid.IdxX * DecodeParts.Floats(width)), width, head, piece);
            }
        }

        if (Grid.DimX == 1)
        {
            return;
        }

        // The last block that gets here has all parts before it.
        Group.Barrier();
        if (thread == 0)
        {
            GlobalMemory.Fence();
            var isEnd = GlobalMemory.Add(counters + (4L * Grid.IdxY), 1) + 1 == Grid.DimX;
            if (isEnd)
            {
                GlobalMemory.StoreInt(counters + (4L * Grid.IdxY), 0);
                GlobalMemory.Fence();
            }

            shared[End(width)] = isEnd ? 1f : 0f;
        }

        Group.Barrier();
        if (isHere && shared[End(width)] != 0f)
        {
            Finish(address, DecodeParts.Sum(all, width, Grid.DimX, head, piece), sinks, firstHead + head);
        }
    }

    private static int Facts(int width) => Warps * width * Heads;

    private static int Queries(int width) => Facts(width) + (2 * Warps * Heads);

    private static int End(int width) => Queries(width) + (Heads * width / 2);

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
            score = new Softcapped(cap).Of(score);
        }

        // From start to last.
        return (uint)(place - start) <= (uint)(last - start) ? score : float.NegativeInfinity;
    }

    /// <summary>Eight dimensions of a head, from where a warp's lanes have left them: see <see cref="AttentionProduct"/>.</summary>
    private static DecodePart OfWarp(ArrayView<float> shared, ArrayView<float> facts, int warp, int width, int head, int dimension)
    {
        var share = width / 8;
        var first = (warp * width * Heads) + (dimension / share * 4) + (head >> 1) + (((4 * (dimension % share / 2)) + (head & 1)) * 32);
        return new()
        {
            Sum = new()
            {
                A = shared[first],
                B = shared[first + 64],
                C = shared[first + 128],
                D = shared[first + 192],
                E = shared[first + 256],
                F = shared[first + 320],
                G = shared[first + 384],
                H = shared[first + 448],
            },
            Weight = facts[((Warps + warp) * Heads) + head],
            Largest = facts[(warp * Heads) + head],
        };
    }

    private static void Finish(long output, DecodePart sum, long sinks, int head)
    {
        var weight = sum.Weight;
        if (sinks != 0)
        {
            weight += MathF.Exp(GlobalMemory.LoadBrainFloat(sinks + (2L * head)) - sum.Largest);
        }

        GlobalMemory.StoreBits4(output, sum.Sum.Times(1f / weight).Packed);
    }

    private static float QuadMax(float value)
    {
        value = MathF.Max(value, Warp.ShuffleXor(value, 1));
        return MathF.Max(value, Warp.ShuffleXor(value, 2));
    }
}
