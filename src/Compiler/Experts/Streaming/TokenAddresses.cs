namespace Moesaic.Kernels;

/// <summary>Where a lane's tokens of a tile begin: one address for each 8 tokens.</summary>
internal interface ITokenAddresses<TSelf>
    where TSelf : struct, ITokenAddresses<TSelf>
{
    /// <summary>So many token tiles.</summary>
    static abstract int Count { get; }

    /// <summary>The addresses from token tile <paramref name="tile"/> on.</summary>
    static abstract TSelf At(TokenRows rows, int tile);
}

/// <summary>One address.</summary>
internal struct OneAddress : ITokenAddresses<OneAddress>
{
    internal long Address;

    public static int Count => 1;

    public static OneAddress At(TokenRows rows, int tile) => new() { Address = rows.Address(tile) };
}

/// <summary>Those of two halves of a tile.</summary>
internal struct TwoAddresses<T> : ITokenAddresses<TwoAddresses<T>>
    where T : struct, ITokenAddresses<T>
{
    internal T First;
    internal T Second;

    public static int Count => 2 * T.Count;

    public static TwoAddresses<T> At(TokenRows rows, int tile) => new() { First = T.At(rows, tile), Second = T.At(rows, tile + T.Count) };
}
