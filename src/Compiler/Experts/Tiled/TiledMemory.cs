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

    /// <summary>Steps of 64 columns in flight.</summary>
    internal const int Stages = 1 << LogStages;

    internal const int LogStages = 2;

    internal const int WeightBytes = 256 * TiledProduct.RowBytes;

    internal const int Items = 2;

    /// <summary>Numbers of work under way between two blocks: one may be two items ahead of the other, and sends another.</summary>
    internal const int Numbers = 4;

    private const int StageBytes = WeightBytes + (MostTokens * TiledProduct.RowBytes);

    private const int ItemBytes = TiledItem.Bytes + (MostTokens * (sizeof(int) + sizeof(float)));

    internal uint Start;

    internal static int Bytes => (int)new TiledMemory().Number(Numbers);

    /// <summary>Columns of results in a stage.</summary>
    internal const int ResultColumns = 128;

    /// <summary>Bytes from a token's results to those of the next: 16 more than they need, so that eight tokens lie in different banks.</summary>
    internal const int ResultBytes = (2 * ResultColumns) + 16;

    internal readonly uint Stage(int stage) => Start + (uint)(stage * StageBytes);

    internal readonly uint Tokens(int stage) => Stage(stage) + WeightBytes;

    internal readonly uint Item(int item) => Stage(Stages) + (uint)(item * ItemBytes);

    /// <summary>For each route of an item its slot; in the second product only.</summary>
    internal readonly uint Rows(int item) => Item(item) + TiledItem.Bytes;

    internal readonly uint Weights(int item) => Rows(item) + (uint)(MostTokens * sizeof(int));

    /// <summary>One of two that use a stage has done with it: the first threads of it, by their numbers, tell all blocks that fill it.</summary>
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

    internal readonly uint Empty(int stage) => Item(Items) + (uint)(stage * AsyncBarrier.Bytes);

    internal readonly uint Full(int stage) => Empty(Stages) + (uint)(stage * AsyncBarrier.Bytes);

    internal readonly uint ResultsFull => Full(Stages);

    internal readonly uint ItemEmpty(int item) => ResultsFull + AsyncBarrier.Bytes + (uint)(item * AsyncBarrier.Bytes);

    internal readonly uint ItemFull(int item) => ItemEmpty(Items) + (uint)(item * AsyncBarrier.Bytes);

    /// <summary>Of a pair of blocks: tells that a number of work has come.</summary>
    internal readonly uint NumberFull(int number) => ItemFull(Items) + (uint)(number * AsyncBarrier.Bytes);

    /// <summary>The number: int32.</summary>
    internal readonly uint Number(int number) => NumberFull(Numbers) + (uint)(number * sizeof(int));
}
