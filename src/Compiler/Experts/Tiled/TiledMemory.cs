namespace Moesaic.Kernels;

/// <summary>The shared memory of a block of <see cref="TiledKernel"/>.</summary>
/// <remarks>
/// <code>
///   stages      Stages × (256 weight rows + MostTokens token rows) × 128 bytes
///               after an item's steps, one or two of them hold its results, 128 columns each
///   items       Items × (a TiledItem, MostTokens int32, MostTokens float32): slots and weights of its routes
///   barriers    full, empty of each stage, of each item; full of results, of each number
///   numbers     Numbers int32, of a pair of blocks
/// </code>
/// </remarks>
internal struct TiledMemory
{
    /// <summary>The most routes of an item.</summary>
    internal const int MostTokens = 160;

    /// <summary>Steps of 64 columns in flight, of weights that need no decoding; the most there are.</summary>
    internal const int Stages = 4;

    /// <summary>Warps, or groups, that read a stage before it can be filled again.</summary>
    internal const int Readers = 2;

    internal const int WeightBytes = 256 * TiledProduct.RowBytes;

    internal const int Items = 2;

    /// <summary>Numbers of work under way between two blocks: one may be two items ahead of the other, and sends another.</summary>
    internal const int Numbers = 4;

    private const int StageBytes = WeightBytes + (MostTokens * TiledProduct.RowBytes);

    private const int ItemBytes = TiledItem.Bytes + (MostTokens * (sizeof(int) + sizeof(float)));

    internal uint Start;

    /// <summary>Where the stages end.</summary>
    internal uint StagesEnd;

    /// <summary>So many stages.</summary>
    internal int StageCount;

    internal static int Bytes<TRole>()
        where TRole : struct, ITiledRole => (int)Of<TRole>(0).End;

    /// <summary>Columns of results in a stage.</summary>
    internal const int ResultColumns = 128;

    /// <summary>Bytes from a token's results to those of the next: 16 more than they need, so that eight tokens lie in different banks.</summary>
    internal const int ResultBytes = (2 * ResultColumns) + 16;

    internal static TiledMemory Of<TRole>(uint start)
        where TRole : struct, ITiledRole =>
        new() { Start = start, StagesEnd = start + (uint)(TRole.Stages * StageBytes), StageCount = TRole.Stages };

    internal readonly uint Stage(int stage) => Start + (uint)(stage * StageBytes);

    internal readonly uint Tokens(int stage) => Stage(stage) + WeightBytes;

    internal readonly uint Item(int item) => StagesEnd + (uint)(item * ItemBytes);

    /// <summary>For each route of an item its slot; in the second product only.</summary>
    internal readonly uint Rows(int item) => Item(item) + TiledItem.Bytes;

    internal readonly uint Weights(int item) => Rows(item) + (uint)(MostTokens * sizeof(int));

    /// <summary>One of the <see cref="Readers"/> has done with a stage: its first threads, by their numbers, tell all blocks that fill it.</summary>
    internal readonly void Release<TBlocks>(int stage, int thread)
        where TBlocks : struct, ITiledBlocks
    {
        if (thread < TBlocks.Count)
        {
            if (TBlocks.Count == 1)
            {
                AsyncBarrier.Arrive(Empty(stage));
            }
            else
            {
                // Either block fills half of the weights of both.
                ClusterBlocks.Arrive(Empty(stage), thread);
            }
        }
    }

    /// <summary>By one who fills stages: gives the next ones for results as soon as nobody reads them any more. The stage behind them.</summary>
    internal readonly RingPlace GiveForResults(RingPlace stage, int count)
    {
        for (var result = 0; result < count; result++)
        {
            AsyncBarrier.Wait(Empty(stage.Index), stage.Phase ^ 1);
            AsyncBarrier.Arrive(Full(stage.Index));
            stage = stage.Next(StageCount);
        }

        return stage;
    }

    /// <summary>Sets all barriers up, by one thread.</summary>
    /// <param name="fillers">Arrivals that fill a stage.</param>
    /// <param name="blocks">Whose readers release the stages of this one.</param>
    /// <param name="itemUsers">Threads that use an item, one for each warp that arrives as one.</param>
    /// <param name="decoders">Threads that decode weights, and say where they have given an item's stages for results.</param>
    internal readonly void Initialize(int fillers, int blocks, int itemUsers, int decoders = 0)
    {
        for (var stage = 0; stage < StageCount; stage++)
        {
            AsyncBarrier.Initialize(Full(stage), fillers);
            AsyncBarrier.Initialize(Empty(stage), Readers * blocks);
        }

        for (var item = 0; item < Items; item++)
        {
            AsyncBarrier.Initialize(ItemFull(item), 32);
            AsyncBarrier.Initialize(ItemEmpty(item), itemUsers);
        }

        for (var number = 0; number < Numbers; number++)
        {
            AsyncBarrier.Initialize(NumberFull(number), 1);
        }

        AsyncBarrier.Initialize(ResultsFull, (Readers * Warpgroup.Threads) + decoders);
    }

    internal readonly uint Empty(int stage) => Item(Items) + (uint)(stage * AsyncBarrier.Bytes);

    internal readonly uint Full(int stage) => Empty(StageCount) + (uint)(stage * AsyncBarrier.Bytes);

    internal readonly uint ResultsFull => Full(StageCount);

    internal readonly uint ItemEmpty(int item) => ResultsFull + AsyncBarrier.Bytes + (uint)(item * AsyncBarrier.Bytes);

    internal readonly uint ItemFull(int item) => ItemEmpty(Items) + (uint)(item * AsyncBarrier.Bytes);

    /// <summary>Of a pair of blocks: tells that a number of work has come.</summary>
    internal readonly uint NumberFull(int number) => ItemFull(Items) + (uint)(number * AsyncBarrier.Bytes);

    /// <summary>The number: int32.</summary>
    internal readonly uint Number(int number) => NumberFull(Numbers) + (uint)(number * sizeof(int));

    internal readonly uint End => Number(Numbers);
}
