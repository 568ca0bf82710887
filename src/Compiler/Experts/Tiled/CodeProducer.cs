namespace Moesaic.Kernels;

/// <summary>The thread of <see cref="CodedTiledKernel"/> that has the copy engine bring codes. They are there before the launch: it waits for no other.</summary>
internal struct CodeProducer<TWeights>
    where TWeights : struct, IStreamedWeights
{
    internal TiledMemory Memory;
    internal CodeRing<TWeights> Ring;
    internal long CodeMap;

    /// <summary>Weight rows of an expert.</summary>
    internal int ExpertRows;

    /// <summary>Rows from the first 128 weight rows of an item to the other 128.</summary>
    internal int SecondHalf;

    internal int Steps;

    internal readonly void Run()
    {
        var (buffer, place) = (default(RingPlace), default(RingPlace));
        var item = TiledKernel.TakeItem(Memory, place);
        while (item.Count >= 0)
        {
            var row = (item.Expert * ExpertRows) + item.Column;
            for (var step = 0; step < Steps; step++, buffer = buffer.Next(CodeRing<TWeights>.Count))
            {
                var (codes, full, column) = (Ring.Codes(buffer.Index), Ring.Full(buffer.Index), step * CodeRing<TWeights>.RowBytes);
                AsyncBarrier.Wait(Ring.Empty(buffer.Index), buffer.Phase ^ 1);
                AsyncBarrier.ArriveAndExpect(full, CodeRing<TWeights>.StepBytes);
                TensorCopy.Box(codes, CodeMap, full, column, row);
                TensorCopy.Box(codes + (uint)(128 * CodeRing<TWeights>.RowBytes), CodeMap, full, column, row + SecondHalf);
            }

            AsyncBarrier.Arrive(Memory.ItemEmpty(place.Index));
            place = place.Next(TiledMemory.Items);
            item = TiledKernel.TakeItem(Memory, place);
        }
    }
}
