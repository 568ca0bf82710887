namespace Moesaic.Kernels;

/// <summary>8 of the right operand: rows r and r + 8 of the warp's 16, columns c and c + 1.</summary>
internal struct TokenTile : ITileSums<TokenTile>
{
    internal float X;
    internal float Y;
    internal float Z;
    internal float W;

    public static int Tiles => 1;

    public static void Finish<TEnd>(TokenTile first, TokenTile second, TEnd end, int tile)
        where TEnd : struct, ITileEnd => end.Store(tile, first, second);
}
