namespace Moesaic.Kernels;

/// <summary>Which of a layer's two products a kernel computes.</summary>
internal interface ITiledRole
{
    /// <summary>The second: its tokens lie in the order of experts already, and it puts its rows in the order of slots.</summary>
    static abstract bool IsDown { get; }
}

/// <summary>The first: tokens are gathered from the batch, results lie in the order of experts.</summary>
internal readonly struct GateUpRole : ITiledRole
{
    public static bool IsDown => false;
}

/// <inheritdoc cref="ITiledRole.IsDown"/>
internal readonly struct DownRole : ITiledRole
{
    public static bool IsDown => true;
}
