using ILGPU;

namespace Moesaic.Kernels;

/// <summary>The warpgroup of <see cref="CodedTiledKernel"/> that makes bf16 weights of codes: the numbers that loading would make, bit for bit.</summary>
/// <remarks>
/// A thread decodes 16 bytes of a row at a time. What 128 threads read lies one after the other, and what eight of them write, 16
/// bytes each of two or four rows, lies in different banks, thanks to the swizzle.
/// </remarks>
internal struct TiledDecoder<TWeights>
    where TWeights : struct, IStreamedWeights
{
    internal TiledMemory Memory;
    internal CodeRing<TWeights> Ring;
    internal ScaleRows Scales;

    internal ItemRows Rows;

    internal int Columns;

    internal int Steps;

    private static int Thread => Group.IdxX & (Warpgroup.Threads - 1);

    /// <summary>Threads that share a row.</summary>
    private static int Parts => CodeRing<TWeights>.RowBytes / 16;

    /// <summary>Of the thread's first codes.</summary>
    private static int Row => Thread / Parts;

    private static int Part => Thread & (Parts - 1);

    /// <summary>Stages that hold the results of an item.</summary>
    internal int ResultStages;

    internal readonly void Run()
    {
        var (stage, buffer, place) = (default(RingPlace), default(RingPlace), default(RingPlace));
        var item = TiledKernel.TakeItem(Memory, place);
        while (item.Count >= 0)
        {
            Decode(item, stage, buffer);
            buffer = buffer.Skip(Steps, CodeRing<TWeights>.Count);
            stage = GiveForResults(stage.Skip(Steps, Memory.StageCount));

            // Weights come before results that are read from the same place. Those who bring results to memory hear it from those who multiply
            // too, which racecheck does not see. At most one item ahead of them: an item and its results take more stages than there are.
            AsyncBarrier.Arrive(Memory.ResultsFull);
            Arrive(Memory.ItemEmpty(place.Index));
            place = place.Next(TiledMemory.Items);
            item = TiledKernel.TakeItem(Memory, place);
        }
    }

    private readonly RingPlace GiveForResults(RingPlace stage)
    {
        for (var result = 0; result < ResultStages; result++, stage = stage.Next(Memory.StageCount))
        {
            AsyncBarrier.Wait(Memory.Empty(stage.Index), stage.Phase ^ 1);
            Arrive(Memory.Full(stage.Index));
        }

        return stage;
    }

    private readonly void Decode(TiledItem item, RingPlace stage, RingPlace buffer)
    {
        // From 16 bytes of codes come 16 or 32 weights: two or four pieces of a row.
        var piece = Part * 16 / TWeights.Bits;
        var to = (uint)((Row * TiledProduct.RowBytes) + ((piece ^ (Row & 7)) << 4));
        var row = Rows.First(item) + (long)Row;
        var scales = Scales.First + ((row >> Scales.Shift) * Scales.RowBytes) + (TWeights.Bits == 4 ? Part : 0);
        var rowStride = (long)(Warpgroup.Threads / Parts >> Scales.Shift) * Scales.RowBytes;
        var halfStride = (long)(Rows.SecondHalf >> Scales.Shift) * Scales.RowBytes;
        var left = Columns - (TWeights.Bits == 4 ? 32 * Part : 0);

        // Those of 128 columns are asked for when the 128 before are decoded.
        var next = TileDecoding.LoadScales<TWeights>(scales, rowStride, halfStride, left);
        Twice<Bits4> now = default;
        for (var step = 0; step < Steps; step++)
        {
            if ((step & 1) == 0)
            {
                now = next;
                scales += Scales.UnitBytes;
                left -= 2 * TiledProduct.StepColumns;
                next = TileDecoding.LoadScales<TWeights>(scales, rowStride, halfStride, left);
            }

            AsyncBarrier.Wait(Ring.Full(buffer.Index), buffer.Phase);
            AsyncBarrier.Wait(Memory.Empty(stage.Index), stage.Phase ^ 1);
            TileDecoding.Decode<TWeights>(Ring.Codes(buffer.Index) + (uint)(16 * Thread), Memory.Stage(stage.Index) + to, now, step & 1);
            Arrive(Memory.Full(stage.Index));
            Arrive(Ring.Empty(buffer.Index));
            stage = stage.Next(Memory.StageCount);
            buffer = buffer.Next(CodeRing<TWeights>.Count);
        }
    }

    /// <summary>Arrives for the warp, behind what all its lanes have done.</summary>
    private static void Arrive(uint barrier)
    {
        Warp.Barrier();
        if ((Group.IdxX & 31) == 0)
        {
            AsyncBarrier.Arrive(barrier);
        }
    }
}
