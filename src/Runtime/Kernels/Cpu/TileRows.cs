namespace Moesaic.Kernels.Cpu;

/// <summary>The four rows of weights that a tile multiplies at once.</summary>
/// <param name="ahead">From these rows to those that are multiplied next, in bytes.</param>
internal readonly unsafe struct TileRows(WeightRow first, WeightRow second, WeightRow third, WeightRow fourth, nint ahead)
{
    internal const int Count = 4;

    internal readonly WeightRow First = first;
    internal readonly WeightRow Second = second;
    internal readonly WeightRow Third = third;
    internal readonly WeightRow Fourth = fourth;
    internal readonly nint Ahead = ahead;
}
