using ILGPU;

namespace Moesaic.Kernels;

/// <summary><see cref="TiledKernel"/> for weights that are codes: one more warpgroup decodes each of them once for all routes of an item.</summary>
/// <remarks>
/// <code>
///   block     warpgroup 0: a thread brings tokens into stages, one brings codes into a ring, a warp takes items, one brings results to memory
///             warpgroups 1 and 2 multiply, as there
///             warpgroup 3 decodes codes into the stages' weights
/// </code>
/// Needs D and F multiples of 32.
/// </remarks>
internal static class CodedTiledKernel
{
    internal const int Threads = 4 * Warpgroup.Threads;

    private const int DecodingWarps = Warpgroup.Threads / 32;

    private const int WriterWarps = 1;

    /// <summary>Dynamic shared memory of a block.</summary>
    internal static int Bytes<TWeights>()
        where TWeights : struct, IStreamedWeights => (int)Ring<TWeights>(TiledMemory.Of<CodedRole<GateUpRole<BrainFloats>>>(0)).Start + CodeRing<TWeights>.Bytes;

    internal static void Run<TActivation, TRole, TWeights>(
        long tensorMap, TActivation activation, long tensorMapTokens, long bias, long weights, long order, long tiles, long tileCount, long nextItem, long output,
        int columns, int width, int group, long scales, int scaleShift, int scaleRowBytes, int scaleUnitBytes)
        where TActivation : struct, IExpertActivation
        where TRole : struct, ITiledRole
        where TWeights : struct, IStreamedWeights
    {
        var memory = TiledMemory.Of<TRole>(BlockMemory.Start());
        var ring = Ring<TWeights>(memory);
        if (Group.IdxX == 0)
        {
            Initialize(memory, ring);
        }

        Group.Barrier();
        EarlyStart.LetNext();
        var isGated = !TRole.IsDown && TActivation.IsGated;
        var steps = (columns + TiledProduct.StepColumns - 1) / TiledProduct.StepColumns;
        var resultStages = TiledKernel.ResultStages(isGated);
        var rows = ItemRows.Of(width, isGated);
        if (Group.IdxX < Warpgroup.Threads)
        {
            Warpgroup.TakeFewRegisters();
            if (Group.IdxX >= Warpgroup.Threads - 32)
            {
                TiledKernel.Schedule<TRole, SoloBlock>(memory, weights, order, tiles, tileCount, nextItem, width, isGated, group);
            }
            else if (Group.IdxX == 0)
            {
                new TiledProducer<DecodedWeights> { Memory = memory, Tokens = new() { Map = tensorMapTokens }, Steps = steps, ResultStages = resultStages }.Run();
            }
            else if (Group.IdxX == 32)
            {
                new CodeProducer<TWeights> { Memory = memory, Ring = ring, CodeMap = tensorMap, Rows = rows, Steps = steps }.Run();
            }
            else if (Group.IdxX >= 64)
            {
                TiledKernel.Write<TRole, SoloBlock>(memory, firstWarp: 2, WriterWarps, output, width, steps, isGated);
            }
        }
        else if (Group.IdxX < 3 * Warpgroup.Threads)
        {
            Warpgroup.TakeRegistersBesideDecoder();
            TiledKernel.Consume<TActivation, TRole, SoloBlock>(memory, activation, bias, steps, width);
        }
        else
        {
            Warpgroup.TakeRegistersOfDecoder();
            new TiledDecoder<TWeights>
            {
                Memory = memory,
                Ring = ring,
                Scales = new() { First = scales, Shift = scaleShift, RowBytes = scaleRowBytes, UnitBytes = scaleUnitBytes },
                Rows = rows,
                Columns = columns,
                Steps = steps,
                ResultStages = resultStages,
            }.Run();
        }
    }

    private static CodeRing<TWeights> Ring<TWeights>(TiledMemory memory)
        where TWeights : struct, IStreamedWeights => new() { Start = (memory.End + 127) & ~127u };

    private static void Initialize<TWeights>(TiledMemory memory, CodeRing<TWeights> ring)
        where TWeights : struct, IStreamedWeights
    {
        memory.Initialize(fillers: 1 + DecodingWarps, blocks: 1, itemUsers: 2 + DecodingWarps + (32 * WriterWarps) + (2 * Warpgroup.Threads), decoders: Warpgroup.Threads);
        for (var buffer = 0; buffer < CodeRing<TWeights>.Count; buffer++)
        {
            AsyncBarrier.Initialize(ring.Full(buffer), 1);
            AsyncBarrier.Initialize(ring.Empty(buffer), DecodingWarps);
        }

        AsyncBarrier.Publish();
    }
}
