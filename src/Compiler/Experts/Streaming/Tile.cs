namespace Moesaic.Kernels;

/// <summary>An <see cref="IStreamTile"/> of four numbers, so that a tuner can compile any of them.</summary>
internal readonly struct Tile<TRowTiles, TTokenTiles, TDepth, TWarps> : IStreamTile
    where TRowTiles : struct, INumberType
    where TTokenTiles : struct, INumberType
    where TDepth : struct, INumberType
    where TWarps : struct, INumberType
{
    public static int RowTiles => TRowTiles.Value;

    public static int TokenTiles => TTokenTiles.Value;

    public static int Depth => TDepth.Value;

    public static int Warps => TWarps.Value;
}
