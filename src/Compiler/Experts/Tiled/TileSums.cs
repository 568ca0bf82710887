namespace Moesaic.Kernels;

/// <summary>What one thread of a warpgroup holds of 64 weight rows times some tokens, and how it is finished.</summary>
internal interface ITileSums<TSelf>
    where TSelf : struct, ITileSums<TSelf>
{
    /// <summary>Tiles of 8 tokens.</summary>
    static abstract int TokenTiles { get; }

    /// <summary>Finishes gate and up of the tiles from <paramref name="tile"/> on, and writes them to shared memory.</summary>
    static abstract void Finish<TActivation>(TActivation activation, TSelf gate, TSelf up, TileEnd end, int tile)
        where TActivation : struct, IExpertActivation;

    /// <summary>The same without an activation.</summary>
    static abstract void Finish(TSelf sums, TileEnd end, int tile);

    /// <summary>The same for an activation without a gate.</summary>
    static abstract void Finish<TActivation>(TActivation activation, TSelf sums, TileEnd end, int tile)
        where TActivation : struct, IExpertActivation;

    /// <summary><see cref="Finish{TActivation}(TActivation, TSelf, TSelf, TileEnd, int)"/> of sums whose rows are tokens.</summary>
    static abstract void FinishRows<TActivation>(TActivation activation, TSelf gate, TSelf up, RowsEnd end, int tile)
        where TActivation : struct, IExpertActivation;

    /// <summary>The same without an activation.</summary>
    static abstract void FinishRows(TSelf sums, RowsEnd end, int tile);

    /// <summary>The same for an activation without a gate.</summary>
    static abstract void FinishRows<TActivation>(TActivation activation, TSelf sums, RowsEnd end, int tile)
        where TActivation : struct, IExpertActivation;
}

/// <summary>8 tokens: rows r and r + 8 of the warp's 16, tokens c and c + 1. Or 8 columns, where the rows are tokens.</summary>
internal struct TokenTile : ITileSums<TokenTile>
{
    internal float X;
    internal float Y;
    internal float Z;
    internal float W;

    public static int TokenTiles => 1;

    public static void Finish<TActivation>(TActivation activation, TokenTile gate, TokenTile up, TileEnd end, int tile)
        where TActivation : struct, IExpertActivation
    {
        var (first, second) = (end.Weight(tile, 0), end.Weight(tile, 1));
        end.Store(
            tile,
            first * activation.Apply(gate.X + end.GateBias, up.X + end.UpBias),
            second * activation.Apply(gate.Y + end.GateBias, up.Y + end.UpBias),
            first * activation.Apply(gate.Z + end.LowerGateBias, up.Z + end.LowerUpBias),
            second * activation.Apply(gate.W + end.LowerGateBias, up.W + end.LowerUpBias));
    }

    public static void Finish(TokenTile sums, TileEnd end, int tile)
    {
        // The sums are weighted already, a bias is not.
        var (first, second) = (end.Weight(tile, 0), end.Weight(tile, 1));
        end.Store(
            tile,
            sums.X + (first * end.GateBias),
            sums.Y + (second * end.GateBias),
            sums.Z + (first * end.LowerGateBias),
            sums.W + (second * end.LowerGateBias));
    }

    public static void Finish<TActivation>(TActivation activation, TokenTile sums, TileEnd end, int tile)
        where TActivation : struct, IExpertActivation
    {
        var (first, second) = (end.Weight(tile, 0), end.Weight(tile, 1));
        end.Store(
            tile,
            first * activation.Apply(sums.X + end.GateBias, 0f),
            second * activation.Apply(sums.Y + end.GateBias, 0f),
            first * activation.Apply(sums.Z + end.LowerGateBias, 0f),
            second * activation.Apply(sums.W + end.LowerGateBias, 0f));
    }

    public static void FinishRows<TActivation>(TActivation activation, TokenTile gate, TokenTile up, RowsEnd end, int tile)
        where TActivation : struct, IExpertActivation
    {
        var (gateFirst, gateSecond) = (end.Bias(tile, 0), end.Bias(tile, 1));
        var (upFirst, upSecond) = (end.UpBias(tile, 0), end.UpBias(tile, 1));
        end.Store(
            tile,
            end.Weight * activation.Apply(gate.X + gateFirst, up.X + upFirst),
            end.Weight * activation.Apply(gate.Y + gateSecond, up.Y + upSecond),
            end.LowerWeight * activation.Apply(gate.Z + gateFirst, up.Z + upFirst),
            end.LowerWeight * activation.Apply(gate.W + gateSecond, up.W + upSecond));
    }

    public static void FinishRows(TokenTile sums, RowsEnd end, int tile)
    {
        var (first, second) = (end.Bias(tile, 0), end.Bias(tile, 1));
        end.Store(
            tile,
            sums.X + (end.Weight * first),
            sums.Y + (end.Weight * second),
            sums.Z + (end.LowerWeight * first),
            sums.W + (end.LowerWeight * second));
    }

    public static void FinishRows<TActivation>(TActivation activation, TokenTile sums, RowsEnd end, int tile)
        where TActivation : struct, IExpertActivation
    {
        var (first, second) = (end.Bias(tile, 0), end.Bias(tile, 1));
        end.Store(
            tile,
            end.Weight * activation.Apply(sums.X + first, 0f),
            end.Weight * activation.Apply(sums.Y + second, 0f),
            end.LowerWeight * activation.Apply(sums.Z + first, 0f),
            end.LowerWeight * activation.Apply(sums.W + second, 0f));
    }
}

/// <summary>Some tokens, then others.</summary>
internal struct TokenTiles<TFirst, TSecond> : ITileSums<TokenTiles<TFirst, TSecond>>
    where TFirst : struct, ITileSums<TFirst>
    where TSecond : struct, ITileSums<TSecond>
{
    internal TFirst First;
    internal TSecond Second;

    static int ITileSums<TokenTiles<TFirst, TSecond>>.TokenTiles => TFirst.TokenTiles + TSecond.TokenTiles;

    public static void Finish<TActivation>(TActivation activation, TokenTiles<TFirst, TSecond> gate, TokenTiles<TFirst, TSecond> up, TileEnd end, int tile)
        where TActivation : struct, IExpertActivation
    {
        TFirst.Finish(activation, Registers.First<TokenTiles<TFirst, TSecond>, TFirst>(gate), Registers.First<TokenTiles<TFirst, TSecond>, TFirst>(up), end, tile);
        TSecond.Finish(activation, Registers.Last<TokenTiles<TFirst, TSecond>, TSecond>(gate), Registers.Last<TokenTiles<TFirst, TSecond>, TSecond>(up), end, tile + TFirst.TokenTiles);
    }

    public static void Finish(TokenTiles<TFirst, TSecond> sums, TileEnd end, int tile)
    {
        TFirst.Finish(Registers.First<TokenTiles<TFirst, TSecond>, TFirst>(sums), end, tile);
        TSecond.Finish(Registers.Last<TokenTiles<TFirst, TSecond>, TSecond>(sums), end, tile + TFirst.TokenTiles);
    }

    public static void Finish<TActivation>(TActivation activation, TokenTiles<TFirst, TSecond> sums, TileEnd end, int tile)
        where TActivation : struct, IExpertActivation
    {
        TFirst.Finish(activation, Registers.First<TokenTiles<TFirst, TSecond>, TFirst>(sums), end, tile);
        TSecond.Finish(activation, Registers.Last<TokenTiles<TFirst, TSecond>, TSecond>(sums), end, tile + TFirst.TokenTiles);
    }

    public static void FinishRows<TActivation>(TActivation activation, TokenTiles<TFirst, TSecond> gate, TokenTiles<TFirst, TSecond> up, RowsEnd end, int tile)
        where TActivation : struct, IExpertActivation
    {
        TFirst.FinishRows(activation, Registers.First<TokenTiles<TFirst, TSecond>, TFirst>(gate), Registers.First<TokenTiles<TFirst, TSecond>, TFirst>(up), end, tile);
        TSecond.FinishRows(activation, Registers.Last<TokenTiles<TFirst, TSecond>, TSecond>(gate), Registers.Last<TokenTiles<TFirst, TSecond>, TSecond>(up), end, tile + TFirst.TokenTiles);
    }

    public static void FinishRows(TokenTiles<TFirst, TSecond> sums, RowsEnd end, int tile)
    {
        TFirst.FinishRows(Registers.First<TokenTiles<TFirst, TSecond>, TFirst>(sums), end, tile);
        TSecond.FinishRows(Registers.Last<TokenTiles<TFirst, TSecond>, TSecond>(sums), end, tile + TFirst.TokenTiles);
    }

    public static void FinishRows<TActivation>(TActivation activation, TokenTiles<TFirst, TSecond> sums, RowsEnd end, int tile)
        where TActivation : struct, IExpertActivation
    {
        TFirst.FinishRows(activation, Registers.First<TokenTiles<TFirst, TSecond>, TFirst>(sums), end, tile);
        TSecond.FinishRows(activation, Registers.Last<TokenTiles<TFirst, TSecond>, TSecond>(sums), end, tile + TFirst.TokenTiles);
    }
}
