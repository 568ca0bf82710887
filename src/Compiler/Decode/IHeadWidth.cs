namespace Moesaic.Kernels;

/// <summary>The width of an attention head, as a type: what a kernel is compiled for.</summary>
internal interface IHeadWidth
{
    static abstract int Value { get; }
}

internal readonly struct Head64 : IHeadWidth
{
    public static int Value => 64;
}

internal readonly struct Head128 : IHeadWidth
{
    public static int Value => 128;
}
