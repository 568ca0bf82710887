namespace Moesaic.Kernels;

/// <summary>The rows that belong to a tile of routes, as one lane sees them.</summary>
internal struct TokenRows
{
    /// <summary>[R] int32: the slot t K + k of each route, sorted by expert; 0 where they are in the order of slots.</summary>
    internal long Order;

    /// <summary>The tile's first route.</summary>
    internal int Begin;

    /// <summary>One past its last route.</summary>
    internal int End;

    /// <summary>The matrix that has a row for every <see cref="SlotsPerRow"/> slots, plus the lane's first column.</summary>
    internal long Matrix;

    internal long RowBytes;

    /// <summary>K where a row belongs to a token, 1 where it belongs to a slot.</summary>
    internal int SlotsPerRow;

    /// <summary>Of the token that the lane loads: its place in each tile of 8.</summary>
    internal int Place;

    /// <summary>Where the lane's row begins. A place past the end takes the last row that is there.</summary>
    internal readonly long Address(int tile)
    {
        var route = Begin + (tile * 8) + Place;
        route = route < End ? route : End - 1;
        return Matrix + ((Order == 0 ? route : GlobalMemory.LoadFreshInt(Order + (4L * route))) / SlotsPerRow * RowBytes);
    }
}
