using ILGPU;

namespace Moesaic.Kernels;

/// <summary>The warps of <see cref="TiledKernel"/> that bring an item's results to device memory while the next one is multiplied.</summary>
internal struct TiledWriter<TRole, TBlocks>
    where TRole : struct, ITiledRole
    where TBlocks : struct, ITiledBlocks
{
    // Lanes that bring the columns of one token, 16 bytes each.
    private const int Pieces = TiledMemory.ResultColumns / 8;

    internal TiledMemory Memory;

    /// <summary>The first of them in the block.</summary>
    internal int FirstWarp;

    /// <summary>1 or 2.</summary>
    internal int Warps;

    internal long Output;

    /// <summary>Columns of the result.</summary>
    internal int Width;

    internal int Steps;

    /// <summary>Stages that hold the results of an item.</summary>
    internal int ResultStages;

    internal readonly void Run()
    {
        var (stage, place, phase) = (default(RingPlace), default(RingPlace), 0);
        var item = TiledKernel.TakeItem(Memory, place);
        while (item.Count >= 0)
        {
            stage = stage.Skip(Steps, Memory.StageCount);
            AsyncBarrier.Wait(Memory.ResultsFull, phase);
            for (var result = 0; result < ResultStages; result++, stage = stage.Next(Memory.StageCount))
            {
                Write(item, place.Index, Memory.Stage(stage.Index), Output + (2L * (item.Column + (result * TiledMemory.ResultColumns))));
                AsyncBarrier.FenceCopies();
                Warp.Barrier();

                // For all readers, by as many lanes.
                Memory.Release<TBlocks>(stage.Index, (Group.IdxX & 31) / (TiledMemory.Readers / Warps));
            }

            AsyncBarrier.Arrive(Memory.ItemEmpty(place.Index));
            phase ^= 1;
            place = place.Next(TiledMemory.Items);
            item = TiledKernel.TakeItem(Memory, place);
        }
    }

    /// <summary>A lane brings 16 bytes of a token at once, of four tokens together.</summary>
    private readonly void Write(TiledItem item, int place, uint results, long output)
    {
        var (thread, atOnce) = (Group.IdxX - (32 * FirstWarp), Warps * 32 / Pieces);
        var (piece, last) = (thread & (Pieces - 1), item.Count - 1);
        results += (uint)(16 * piece);
        output += 16 * piece;
        for (var token = thread / Pieces; token <= last; token += 4 * atOnce)
        {
            // Past the end, the last one again.
            var (second, third, fourth) = (
                Math.Min(token + atOnce, last), Math.Min(token + (2 * atOnce), last), Math.Min(token + (3 * atOnce), last));
            var (a, b, c, d) = (Load(results, token), Load(results, second), Load(results, third), Load(results, fourth));
            GlobalMemory.StoreBits4(Address(output, item, place, token), a);
            GlobalMemory.StoreBits4(Address(output, item, place, second), b);
            GlobalMemory.StoreBits4(Address(output, item, place, third), c);
            GlobalMemory.StoreBits4(Address(output, item, place, fourth), d);
        }
    }

    private static Bits4 Load(uint results, int token) => BlockMemory.LoadBits4(results + (uint)(token * TiledMemory.ResultBytes));

    private readonly long Address(long output, TiledItem item, int place, int token)
    {
        var row = TRole.IsDown ? BlockMemory.LoadInt(Memory.Rows(place) + (uint)(4 * token)) : item.Begin + token;
        return output + (row * (2L * Width));
    }
}
