namespace Moesaic.Kernels;

/// <summary>How much shared memory a tiled kernel keeps in flight.</summary>
internal interface ITiledShape
{
    /// <summary>The most tokens of a tile.</summary>
    static abstract int Tokens { get; }

    /// <summary>Steps of 64 columns in flight.</summary>
    static abstract int Stages { get; }

    static abstract int Pending { get; }

    static abstract bool Fence { get; }

    static abstract bool BoxedTokens { get; }

    static abstract bool Feed { get; }

    static abstract bool Multiply { get; }
}

internal readonly struct WideA : ITiledShape
{
    public static int Tokens => 128;

    public static int Stages => 4;

    public static int Pending => 0;

    public static bool Fence => true;

    public static bool BoxedTokens => true;

    public static bool Feed => true;

    public static bool Multiply => true;
}

internal readonly struct WideB : ITiledShape
{
    public static int Tokens => 128;

    public static int Stages => 4;

    public static int Pending => 1;

    public static bool Fence => false;

    public static bool BoxedTokens => true;

    public static bool Feed => true;

    public static bool Multiply => true;
}

internal readonly struct WideC : ITiledShape
{
    public static int Tokens => 128;

    public static int Stages => 4;

    public static int Pending => 1;

    public static bool Fence => true;

    public static bool BoxedTokens => false;

    public static bool Feed => true;

    public static bool Multiply => true;
}

/// <summary>Few tokens an expert.</summary>
internal readonly struct NarrowTiles : ITiledShape
{
    public static int Tokens => 32;

    public static int Stages => 6;

    public static int Pending => 1;

    public static bool Fence => true;

    public static bool BoxedTokens => true;

    public static bool Feed => true;

    public static bool Multiply => true;
}

/// <inheritdoc cref="NarrowTiles"/>
internal readonly struct MiddleTiles : ITiledShape
{
    public static int Tokens => 64;

    public static int Stages => 5;

    public static int Pending => 1;

    public static bool Fence => true;

    public static bool BoxedTokens => true;

    public static bool Feed => true;

    public static bool Multiply => true;
}

/// <summary>Many tokens an expert.</summary>
internal readonly struct WideTiles : ITiledShape
{
    public static int Tokens => 128;

    public static int Stages => 4;

    public static int Pending => 1;

    public static bool Fence => true;

    public static bool BoxedTokens => true;

    public static bool Feed => true;

    public static bool Multiply => true;
}

internal readonly struct WideX : ITiledShape
{
    public static int Tokens => 128;

    public static int Stages => 4;

    public static int Pending => 0;

    public static bool Fence => true;

    public static bool BoxedTokens => true;

    public static bool Feed => false;

    public static bool Multiply => true;
}

internal readonly struct WideY : ITiledShape
{
    public static int Tokens => 128;

    public static int Stages => 4;

    public static int Pending => 0;

    public static bool Fence => true;

    public static bool BoxedTokens => true;

    public static bool Feed => true;

    public static bool Multiply => false;
}
