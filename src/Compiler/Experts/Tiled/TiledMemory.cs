namespace Moesaic.Kernels;

/// <summary>The shared memory of a block of <see cref="TiledKernel"/>.</summary>
/// <remarks>
/// <code>
///   stages      Stages × (256 weight rows + MostTokens token rows) × 128 bytes
///   results     2 warpgroups × a round of TileWriter
///   items       2 × (a TiledItem, MostTokens int32, MostTokens float32): slots and weights of its routes
///   barriers    full, empty of each stage; full, empty of each item
/// </code>
/// </remarks>
internal struct TiledMemory
{
    /// <summary>The most routes of an item.</summary>
    internal const int MostTokens = 160;

    /// <summary>Steps of 64 columns in flight, of weights that need no decoding; the most there are.</summary>
    internal const int Stages = 4;

    internal const int WeightBytes = 256 * TiledProduct.RowBytes;

    internal const int Items = 2;

    internal uint Start;

    /// <summary>Where the stages end.</summary>
    internal uint StagesEnd;

    internal static int Bytes<TRole>()
        where TRole : struct, ITiledRole => (int)Of<TRole>(0).ItemFull(Items);

    private const int StageBytes = WeightBytes + (MostTokens * TiledProduct.RowBytes);

    private const int ItemBytes = TiledItem.Bytes + (MostTokens * (sizeof(int) + sizeof(float)));

    internal static TiledMemory Of<TRole>(uint start)
        where TRole : struct, ITiledRole => new() { Start = start, StagesEnd = start + (uint)(TRole.Stages * StageBytes) };

    /// <summary>The stage of the step that so many came before, of all items.</summary>
    internal static int StageOf<TRole>(int used)
        where TRole : struct, ITiledRole => RingTurn.Of(used, TRole.Stages);

    /// <summary>How often that stage was used before: even or odd.</summary>
    internal static int PhaseOf<TRole>(int used)
        where TRole : struct, ITiledRole => RingTurn.Phase(used, TRole.Stages);

    /// <summary>The stage of the step that so many came before, of all items; stages are a power of two.</summary>
    internal static int StageOf(int used) => used & (Stages - 1);

    /// <summary>How often that stage was used before: even or odd.</summary>
    internal static int PhaseOf(int used) => (int)((uint)used / Stages) & 1;

    internal readonly uint Stage(int stage) => Start + (uint)(stage * StageBytes);

    internal readonly uint Tokens(int stage) => Stage(stage) + WeightBytes;

    internal readonly uint Results(int group) => StagesEnd + (uint)(group * TileWriter.Bytes);

    internal readonly uint Item(int item) => Results(2) + (uint)(item * ItemBytes);

    /// <summary>For each route of an item its slot; in the second product only.</summary>
    internal readonly uint Rows(int item) => Item(item) + TiledItem.Bytes;

    internal readonly uint Weights(int item) => Rows(item) + (uint)(MostTokens * sizeof(int));

    internal readonly uint Empty(int stage) => Item(Items) + (uint)(stage * AsyncBarrier.Bytes);

    internal readonly uint Full(int stage) => Empty(Stages) + (uint)(stage * AsyncBarrier.Bytes);

    internal readonly uint ItemEmpty(int item) => Full(Stages) + (uint)(item * AsyncBarrier.Bytes);

    internal readonly uint ItemFull(int item) => ItemEmpty(Items) + (uint)(item * AsyncBarrier.Bytes);
}
