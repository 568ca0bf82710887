namespace Moesaic.Kernels;

/// <summary>Some tiles, then others.</summary>
internal struct TokenTiles<TFirst, TSecond> : ITileSums<TokenTiles<TFirst, TSecond>>
    where TFirst : struct, ITileSums<TFirst>
    where TSecond : struct, ITileSums<TSecond>
{
    internal TFirst First;
    internal TSecond Second;

    public static int Tiles => TFirst.Tiles + TSecond.Tiles;

    public static void Finish<TEnd>(TokenTiles<TFirst, TSecond> first, TokenTiles<TFirst, TSecond> second, TEnd end, int tile)
        where TEnd : struct, ITileEnd
    {
        TFirst.Finish(Registers.First<TokenTiles<TFirst, TSecond>, TFirst>(first), Registers.First<TokenTiles<TFirst, TSecond>, TFirst>(second), end, tile);
        TSecond.Finish(Registers.Last<TokenTiles<TFirst, TSecond>, TSecond>(first), Registers.Last<TokenTiles<TFirst, TSecond>, TSecond>(second), end, tile + TFirst.Tiles);
    }
}
