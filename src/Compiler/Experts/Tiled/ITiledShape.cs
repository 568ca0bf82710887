namespace Moesaic.Kernels;

/// <summary>How many routes a block of a tiled kernel takes, and how much shared memory it keeps in flight.</summary>
internal interface ITiledShape
{
    /// <summary>The most tokens of a block.</summary>
    static abstract int Tokens { get; }

    /// <summary>Steps of 64 columns in flight.</summary>
    static abstract int Stages { get; }

    /// <summary>Blocks that share the weights they copy, each with routes of its own of one tile: 1 or 2.</summary>
    static abstract int Cluster { get; }

    /// <summary>Steps of products that may be under way while the next is begun: 0 or 1.</summary>
    static abstract int Pending { get; }
}

/// <summary>Few tokens an expert.</summary>
internal readonly struct NarrowTiles : ITiledShape
{
    public static int Tokens => 32;

    public static int Stages => 6;

    public static int Cluster => 1;

    public static int Pending => 1;
}

/// <inheritdoc cref="NarrowTiles"/>
internal readonly struct MiddleTiles : ITiledShape
{
    public static int Tokens => 64;

    public static int Stages => 5;

    public static int Cluster => 1;

    public static int Pending => 1;
}

/// <summary>Many tokens an expert.</summary>
internal readonly struct WideTiles : ITiledShape
{
    public static int Tokens => 128;

    public static int Stages => 4;

    public static int Cluster => 1;

    public static int Pending => 1;
}

/// <summary>So many that two blocks share the weights: what they read from the cache is what limits them.</summary>
internal readonly struct TwinTiles : ITiledShape
{
    public static int Tokens => 128;

    public static int Stages => 4;

    public static int Cluster => 2;

    public static int Pending => 1;
}

internal readonly struct TwinTilesA : ITiledShape
{
    public static int Tokens => 128;

    public static int Stages => 4;

    public static int Cluster => 2;

    public static int Pending => 0;
}
