namespace Moesaic.Kernels;

/// <summary>Where the weight rows of an item are.</summary>
internal struct ItemRows
{
    /// <summary>Half of an item's 256 rows.</summary>
    internal const int HalfCount = 128;

    /// <summary>Rows of an expert.</summary>
    internal int Expert;

    /// <summary>From the first half of an item's rows to the other: up rows, or those that follow.</summary>
    internal int SecondHalf;

    internal static ItemRows Of(int width, bool isGated) => new() { Expert = (isGated ? 2 : 1) * width, SecondHalf = isGated ? width : HalfCount };

    /// <summary>An item's first row.</summary>
    internal readonly int First(TiledItem item) => (item.Expert * Expert) + item.Column;
}
