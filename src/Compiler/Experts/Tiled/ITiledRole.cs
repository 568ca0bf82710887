namespace Moesaic.Kernels;

/// <summary>Which of a layer's two products a kernel computes, and of which numbers.</summary>
internal interface ITiledRole
{
    /// <summary>The second: it puts its rows in the order of slots.</summary>
    static abstract bool IsDown { get; }

    /// <summary>What PTX calls its numbers: see <see cref="IElement"/>.</summary>
    static abstract string PtxName { get; }

    /// <summary>Steps of 64 columns in flight.</summary>
    static abstract int Stages { get; }

    /// <summary>Whether full tiles have tokens on the left: a product of 128 sums a thread, which the driver refuses where blocks have more than 384 threads.</summary>
    static abstract bool HasTokensLeft { get; }

    /// <inheritdoc cref="IElement.Pack"/>
    static abstract uint Pack(float low, float high);

    /// <inheritdoc cref="IElement.Load"/>
    static abstract float Load(long address);
}

/// <summary>The first: its rows stay in the order of experts.</summary>
internal readonly struct GateUpRole<TElement> : ITiledRole
    where TElement : struct, IElement
{
    public static bool IsDown => false;

    public static string PtxName => TElement.PtxName;

    public static int Stages => TiledMemory.Stages;

    public static bool HasTokensLeft => true;

    public static uint Pack(float low, float high) => TElement.Pack(low, high);

    public static float Load(long address) => TElement.Load(address);
}

/// <inheritdoc cref="ITiledRole.IsDown"/>
internal readonly struct DownRole<TElement> : ITiledRole
    where TElement : struct, IElement
{
    public static bool IsDown => true;

    public static string PtxName => TElement.PtxName;

    public static int Stages => TiledMemory.Stages;

    public static bool HasTokensLeft => true;

    public static uint Pack(float low, float high) => TElement.Pack(low, high);

    public static float Load(long address) => TElement.Load(address);
}
