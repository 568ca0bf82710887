namespace Moesaic.Kernels;

/// <summary>The shared memory of a block of <see cref="TiledKernel"/>.</summary>
/// <remarks>
/// <code>
///   stages      Stages × (256 weight rows + MostTokens token rows) × 128 bytes
///   results     2 warpgroups × MostTokens × 128 bytes
///   items       2 × (a TiledItem, MostTokens int32, MostTokens float32): rows or slots, and weights of its routes
///   barriers    full, empty of each stage; full, empty of each item
/// </code>
/// </remarks>
internal struct TiledMemory
{
    /// <summary>The most routes of an item.</summary>
    internal const int MostTokens = 128;

    /// <summary>Steps of 64 columns in flight.</summary>
    internal const int Stages = 4;

    internal const int WeightBytes = 256 * TiledProduct.RowBytes;

    internal const int Items = 2;

    internal uint Start;

    internal static int Bytes => (int)new TiledMemory().ItemFull(Items);

    private const int StageBytes = WeightBytes + (MostTokens * TiledProduct.RowBytes);

    private const int ItemBytes = TiledItem.Bytes + (MostTokens * (sizeof(int) + sizeof(float)));

    internal readonly uint Stage(int stage) => Start + (uint)(stage * StageBytes);

    internal readonly uint Tokens(int stage) => Stage(stage) + WeightBytes;

    internal readonly uint Results(int group) => Stage(Stages) + (uint)(group * MostTokens * TiledProduct.RowBytes);

    internal readonly uint Item(int item) => Results(2) + (uint)(item * ItemBytes);

    /// <summary>For each route of an item the row of its token, or in the second product its slot.</summary>
    internal readonly uint Rows(int item) => Item(item) + TiledItem.Bytes;

    internal readonly uint Weights(int item) => Rows(item) + (uint)(MostTokens * sizeof(int));

    internal readonly uint Empty(int stage) => Item(Items) + (uint)(stage * AsyncBarrier.Bytes);

    internal readonly uint Full(int stage) => Empty(Stages) + (uint)(stage * AsyncBarrier.Bytes);

    internal readonly uint ItemEmpty(int item) => Full(Stages) + (uint)(item * AsyncBarrier.Bytes);

    internal readonly uint ItemFull(int item) => ItemEmpty(Items) + (uint)(item * AsyncBarrier.Bytes);
}
