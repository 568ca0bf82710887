namespace Moesaic.Kernels;

/// <summary>A number as a type: what a kernel is compiled for.</summary>
internal interface INumberType
{
    static abstract int Value { get; }

    /// <summary>The type of a power of two up to 16.</summary>
    static Type Of(int value) => value switch
    {
        1 => typeof(One),
        2 => typeof(Two),
        4 => typeof(Four),
        8 => typeof(Eight),
        16 => typeof(Sixteen),
        _ => throw new ArgumentOutOfRangeException(nameof(value), value, "expected 1, 2, 4, 8 or 16"),
    };
}

internal readonly struct One : INumberType
{
    public static int Value => 1;
}

internal readonly struct Two : INumberType
{
    public static int Value => 2;
}

internal readonly struct Four : INumberType
{
    public static int Value => 4;
}

internal readonly struct Eight : INumberType
{
    public static int Value => 8;
}

internal readonly struct Sixteen : INumberType
{
    public static int Value => 16;
}
