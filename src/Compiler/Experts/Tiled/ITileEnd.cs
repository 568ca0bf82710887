namespace Moesaic.Kernels;

/// <summary>What makes results of sums.</summary>
internal interface ITileEnd
{
    /// <summary>Finishes 8 by 16 results of the warp, rounds them, and leaves them in shared memory.</summary>
    /// <param name="tile">Which, from the first of the item on.</param>
    /// <param name="first">The gate's sums, or those of the only product there is.</param>
    /// <param name="second">Those of the up projection.</param>
    void Store(int tile, TokenTile first, TokenTile second);
}
