namespace Moesaic.Kernels;

/// <summary>The thread of <see cref="CodedTiledKernel"/> that has the copy engine bring codes. They are there before the launch: it waits for no other.</summary>
internal struct CodeProducer<TWeights>
    where TWeights : struct, IStreamedWeights
{
    internal TiledMemory Memory;
    internal CodeRing<TWeights> Ring;
    internal long CodeMap;

    internal ItemRows Rows;

    internal int Steps;

    internal readonly void Run()
    {
        var (buffer, place) = (default(RingPlace), default(RingPlace));
        var item = TiledKernel.TakeItem(Memory, place);
        while (item.Count >= 0)
        {
            var row = Rows.First(item);
            for (var step = 0; step < Steps; step++, buffer = buffer.Next(CodeRing<TWeights>.Count))
            {
                var (codes, full, column) = (Ring.Codes(buffer.Index), Ring.Full(buffer.Index), step * CodeRing<TWeights>.RowBytes);
                AsyncBarrier.Wait(Ring.Empty(buffer.Index), buffer.Phase ^ 1);
                AsyncBarrier.ArriveAndExpect(full, CodeRing<TWeights>.StepBytes);
                TensorCopy.Box(codes, CodeMap, full, column, row);
                TensorCopy.Box(codes + (uint)(ItemRows.HalfCount * CodeRing<TWeights>.RowBytes), CodeMap, full, column, row + Rows.SecondHalf);
            }

            AsyncBarrier.Arrive(Memory.ItemEmpty(place.Index));
            place = place.Next(TiledMemory.Items);
            item = TiledKernel.TakeItem(Memory, place);
        }
    }
}
