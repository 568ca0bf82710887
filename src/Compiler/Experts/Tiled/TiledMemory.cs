namespace Moesaic.Kernels;

/// <summary>The shared memory of a block of <see cref="TiledKernel"/>.</summary>
/// <remarks>
/// <code>
///   stages      Stages × (256 weight rows + Tokens token rows) × 128 bytes
///   results     2 warpgroups × Tokens × 128 bytes
///   weights     2 warpgroups × Tokens float32: routing weights
///   slots       2 warpgroups × Tokens int32
///   rows        Tokens int32: which row of the tokens' matrix each token is
///   full, empty Stages barriers each
/// </code>
/// </remarks>
internal struct TiledMemory<TShape>
    where TShape : struct, ITiledShape
{
    internal const int WeightBytes = 256 * TiledProduct.RowBytes;

    internal uint Start;

    internal static int StageBytes => WeightBytes + (TShape.Tokens * TiledProduct.RowBytes);

    internal static int Bytes => (int)new TiledMemory<TShape>().Full(TShape.Stages) + (TShape.Stages * AsyncBarrier.Bytes);

    internal readonly uint Stage(int stage) => Start + (uint)(stage * StageBytes);

    internal readonly uint Tokens(int stage) => Stage(stage) + WeightBytes;

    internal readonly uint Results(int group) => Stage(TShape.Stages) + (uint)(group * TShape.Tokens * TiledProduct.RowBytes);

    internal readonly uint Weights(int group) => Results(2) + (uint)(group * TShape.Tokens * sizeof(float));

    internal readonly uint Slots(int group) => Weights(2) + (uint)(group * TShape.Tokens * sizeof(int));

    internal readonly uint Rows() => Slots(2);

    internal readonly uint Empty(int stage) => Rows() + (uint)(TShape.Tokens * sizeof(int)) + (uint)(stage * AsyncBarrier.Bytes);

    internal readonly uint Full(int stage) => Empty(TShape.Stages) + (uint)(stage * AsyncBarrier.Bytes);
}
