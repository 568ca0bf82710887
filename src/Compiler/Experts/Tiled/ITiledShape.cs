namespace Moesaic.Kernels;

/// <summary>How many routes a block of a tiled kernel takes, and how much shared memory it keeps in flight.</summary>
internal interface ITiledShape
{
    /// <summary>The most tokens of a tile.</summary>
    static abstract int Tokens { get; }

    /// <summary>Steps of 64 columns in flight.</summary>
    static abstract int Stages { get; }
}

/// <summary>Few tokens an expert.</summary>
internal readonly struct NarrowTiles : ITiledShape
{
    public static int Tokens => 32;

    public static int Stages => 6;
}

/// <inheritdoc cref="NarrowTiles"/>
internal readonly struct MiddleTiles : ITiledShape
{
    public static int Tokens => 64;

    public static int Stages => 5;
}

/// <summary>Many tokens an expert.</summary>
internal readonly struct WideTiles : ITiledShape
{
    public static int Tokens => 128;

    public static int Stages => 4;
}
