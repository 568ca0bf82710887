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
///   block   warps take 16 positions in turn; their sums meet in shared memory
///   parts   [blocks of y, parts, 8, d + 2] float32: sums, then the largest score and the sum of weights
/// </code>
/// The last block of a row and key head that is done adds up the parts, in their order. How positions are shared by blocks and warps depends
/// on how many there are, and on nothing else in the batch. Replaces what GroupedQueryAttention does between its projections.
/// </remarks>
internal static class DecodeAttentionKernel
{
    internal const int Warps = 4;

    internal const int Heads = 8;

    internal static int SharedBytes(int width) => sizeof(float) * (Largest(width) + (Warps * Heads * 2) + 4);

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
        EarlyStart.Wait();
        var shared = SharedMemory.GetDynamic<float>();
        var (thread, lane, warp) = (Group.IdxX, Group.IdxX & 31, Group.IdxX >> 5);
        var width = THead.Value;
        var share = queryHeads / keyHeads;
        var headTiles = (share + Heads - 1) / Heads;
        var headTile = Grid.IdxY % headTiles;
        var keyHead = Grid.IdxY / headTiles % keyHeads;
        var row = Grid.IdxY / headTiles / keyHeads;
        var firstHead = (keyHead * share) + (headTile * Heads);
        var heads = share - (headTile * Heads);
        heads = heads < Heads ? heads : Heads;

        // The positions of this block: whole steps of 16.
        var last = GlobalMemory.LoadInt(position);
        var start = window > 0 && last + 1 > window ? last + 1 - window : 0;
        var firstStep = start / AttentionProduct.Positions;
        var allSteps = (last / AttentionProduct.Positions) + 1 - firstStep;
        var begin = firstStep + (Grid.IdxX * allSteps / Grid.DimX);
        var end = firstStep + ((Grid.IdxX + 1) * allSteps / Grid.DimX);

        // Norm and turn: queries of all heads, bf16; of heads that are not there, zeros.
        var bytes = 2L * width;
        var queries = shared.SubView(Queries(width), Heads * width / 2);
        for (var head = warp; head < Heads; head += Warps)
        {
            var line = shared.SubView(warp * width, width);
            DecodeHeads.Load<THead>(line, q + (((long)row * queryStride * 2) + ((firstHead + (head < heads ? head : 0)) * bytes)), queryNorm, eps);
            for (var pair = lane; pair < width / 2; pair += 32)
            {
                var packed = BrainFloat.Pack(
                    DecodeHeads.Turned(line, 2 * pair, cos, sin, rotary, interleaved), DecodeHeads.Turned(line, (2 * pair) + 1, cos, sin, rotary, interleaved));
                queries[(head * width / 2) + pair] = Interop.IntAsFloat(head < heads ? packed : 0u);
            }

            Warp.Barrier();
        }

        // The new key and value, by the block that sees them.
        var cache = (((long)row * keyHeads) + keyHead) * capacity * bytes;
        if (end > begin && Grid.IdxX == Grid.DimX - 1 && warp == 0)
        {
            var line = shared.SubView(0, width);
            var head = (((long)row * keyStride) + (keyHead * width)) * 2;
            DecodeHeads.Load<THead>(line, k + head, keyNorm, eps);
            var place = cache + (last * bytes);
            for (var i = lane; i < width; i += 32)
            {
                GlobalMemory.StoreBrainFloat(keys + place + (2L * i), DecodeHeads.Turned(line, i, cos, sin, rotary, interleaved));
                GlobalMemory.StoreBrainFloat(values + place + (2L * i), GlobalMemory.LoadBrainFloat(v + head + (2L * i)));
            }
        }

        Group.Barrier();

        // Attend: this lane's head is lane / 4 for scores, and two others for sums.
        var query = AttentionProduct.LoadQueries<TQueries>(BlockMemory.Address(ref queries[0]) + (uint)(((lane >> 2) * 2 * width) + ((lane & 3) * 16)));
        var (largest, weight) = (float.NegativeInfinity, 0f);
        TSums sums = default;
        for (var step = begin + warp; step < end; step += Warps)
        {
            var place = step * AttentionProduct.Positions;
            var key = AttentionProduct.LoadKeys<TKeys>(keys + cache + ((place + (lane >> 2)) * bytes) + ((lane & 3) * 16L), 8 * bytes);
            var value = AttentionProduct.LoadValues<TValues>(values + cache + ((place + (2 * (lane & 3))) * bytes) + ((lane >> 2) * width / 4L), bytes);
            var scores = AttentionProduct.Scores<TQueries, TKeys>(query, key);
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

        // Share: queries are in registers, so their place is free.
        Group.Barrier();
        StreamProduct.Store(sums, BlockMemory.Address(ref shared[(warp * width * Heads) + lane]));
        var facts = shared.SubView(Largest(width), (Warps * Heads * 2) + 4);
        if ((lane & 3) == 0)
        {
            facts[(warp * Heads) + (lane >> 2)] = largest;
            facts[((Warps + warp) * Heads) + (lane >> 2)] = weight;
        }

        Group.Barrier();
        var partFloats = Heads * (width + 2L);
        var mine = parts + (4 * ((((long)Grid.IdxY * Grid.DimX) + Grid.IdxX) * partFloats));
        for (var item = thread; item < heads * width; item += 32 * Warps)
        {
            var (head, dimension) = (item / width, item % width);
            var most = float.NegativeInfinity;
            for (var w = 0; w < Warps; w++)
            {
                most = Larger(most, facts[(w * Heads) + head]);
            }

            // Where a lane has left its sum of that head and dimension.
            var index = (((4 * (dimension % (width / 8) / 2)) + ((dimension & 1) * 2) + (head & 1)) * 32) + (dimension / (width / 8) * 4) + (head >> 1);
            var (sum, all) = (0f, 0f);
            for (var w = 0; w < Warps; w++)
            {
                var factor = Factor(facts[(w * Heads) + head], most);
                sum += factor * shared[(w * width * Heads) + index];
                all += factor * facts[((Warps + w) * Heads) + head];
            }

            if (Grid.DimX == 1)
            {
                Finish(output, ((long)row * queryHeads) + firstHead + head, width, dimension, sum, all, most, sinks, firstHead + head);
                continue;
            }

            GlobalMemory.StoreFloat(mine + (4L * item), sum);
            if (dimension == 0)
            {
                GlobalMemory.StoreFloat(mine + (4L * ((Heads * width) + head)), most);
                GlobalMemory.StoreFloat(mine + (4L * ((Heads * width) + Heads + head)), all);
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
            var done = GlobalMemory.Add(counters + (4L * Grid.IdxY), 1) + 1;
            if (done == Grid.DimX)
            {
                GlobalMemory.StoreInt(counters + (4L * Grid.IdxY), 0);
                GlobalMemory.Fence();
            }

            facts[Warps * Heads * 2] = done == Grid.DimX ? 1f : 0f;
        }

        Group.Barrier();
        if (facts[Warps * Heads * 2] == 0f)
        {
            return;
        }

        var first = parts + (4L * Grid.IdxY * Grid.DimX * partFloats);
        for (var item = thread; item < heads * width; item += 32 * Warps)
        {
            var head = item / width;
            var most = float.NegativeInfinity;
            for (var part = 0; part < Grid.DimX; part++)
            {
                most = Larger(most, GlobalMemory.LoadFloatOfOthers(first + (4 * ((part * partFloats) + (Heads * width) + head))));
            }

            var (sum, all) = (0f, 0f);
            for (var part = 0; part < Grid.DimX; part++)
            {
                var other = first + (4 * part * partFloats);
                var factor = Factor(GlobalMemory.LoadFloatOfOthers(other + (4L * ((Heads * width) + head))), most);
                sum += factor * GlobalMemory.LoadFloatOfOthers(other + (4L * item));
                all += factor * GlobalMemory.LoadFloatOfOthers(other + (4L * ((Heads * width) + Heads + head)));
            }

            Finish(output, ((long)row * queryHeads) + firstHead + head, width, item % width, sum, all, most, sinks, firstHead + head);
        }
    }

    // Where queries begin: behind a line for each warp.
    private static int Queries(int width) => Warps * width;

    // Where the largest scores of heads begin: behind the sums of all warps, which lie where lines and queries were.
    private static int Largest(int width) => Warps * width * Heads;

    private static float Score(float product, int place, int start, int last, float scale, float cap)
    {
        var score = product * scale;
        if (cap > 0f)
        {
            score = cap * (1f - (2f / (1f + MathF.Exp(2f * score / cap))));
        }

        return place >= start && place <= last ? score : float.NegativeInfinity;
    }

    /// <summary>What sums up to another largest score count by: nothing, where there were none.</summary>
    private static float Factor(float largest, float most) => largest > float.NegativeInfinity ? MathF.Exp(largest - most) : 0f;

    private static void Finish(long output, long line, int width, int dimension, float sum, float all, float most, long sinks, int head)
    {
        if (sinks != 0)
        {
            all += MathF.Exp(GlobalMemory.LoadBrainFloat(sinks + (2L * head)) - most);
        }

        GlobalMemory.StoreBrainFloat(output + (2 * ((line * width) + dimension)), sum / all);
    }

    private static float Larger(float a, float b) => a > b ? a : b;

    private static float QuadMax(float value)
    {
        value = Larger(value, Warp.ShuffleXor(value, 1));
        return Larger(value, Warp.ShuffleXor(value, 2));
    }
}
