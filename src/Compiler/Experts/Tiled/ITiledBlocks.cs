namespace Moesaic.Kernels;

/// <summary>How many blocks of <see cref="TiledKernel"/> work on the same weights together.</summary>
internal interface ITiledBlocks
{
    static abstract int Count { get; }
}

/// <summary>Each for itself.</summary>
internal readonly struct SoloBlock : ITiledBlocks
{
    public static int Count => 1;
}

/// <summary>Two neighbours of a cluster: each has the copy engine bring half of the weights to both, and its own half of the tokens.</summary>
internal readonly struct BlockPair : ITiledBlocks
{
    public static int Count => 2;
}
