namespace Moesaic.Kernels;

/// <summary>What one thread of a warpgroup holds of 64 rows of the left operand times some of the right, as float32 registers.</summary>
internal interface ITileSums<TSelf>
    where TSelf : struct, ITileSums<TSelf>
{
    /// <summary>Tiles of 8.</summary>
    static abstract int Tiles { get; }

    /// <summary>Finishes the tiles, which are those from <paramref name="tile"/> on.</summary>
    static abstract void Finish<TEnd>(TSelf first, TSelf second, TEnd end, int tile)
        where TEnd : struct, ITileEnd;
}
