namespace Moesaic.Kernels;

/// <summary>Whether results have a bias: asked once an item, not for each of them.</summary>
internal interface ITileBias
{
    static abstract bool Is { get; }
}

/// <summary>They have.</summary>
internal readonly struct WithBias : ITileBias
{
    public static bool Is => true;
}

/// <summary>They have none.</summary>
internal readonly struct WithoutBias : ITileBias
{
    public static bool Is => false;
}
