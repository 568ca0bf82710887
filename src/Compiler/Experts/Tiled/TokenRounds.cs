namespace Moesaic.Kernels;

/// <summary>Tiles of one round, which goes to the result before the others take its place in shared memory.</summary>
internal struct TokenRounds<TFirst, TSecond> : ITileSums<TokenRounds<TFirst, TSecond>>
    where TFirst : struct, ITileSums<TFirst>
    where TSecond : struct, ITileSums<TSecond>
{
    internal TFirst First;
    internal TSecond Second;

    public static int Tiles => TFirst.Tiles + TSecond.Tiles;

    public static void Finish<TEnd>(TokenRounds<TFirst, TSecond> first, TokenRounds<TFirst, TSecond> second, TEnd end, int tile)
        where TEnd : struct, ITileEnd
    {
        TFirst.Finish(Registers.First<TokenRounds<TFirst, TSecond>, TFirst>(first), Registers.First<TokenRounds<TFirst, TSecond>, TFirst>(second), end, tile);
        end.EndRound(tile / TFirst.Tiles);
        TSecond.Finish(Registers.Last<TokenRounds<TFirst, TSecond>, TSecond>(first), Registers.Last<TokenRounds<TFirst, TSecond>, TSecond>(second), end, tile + TFirst.Tiles);
    }
}
