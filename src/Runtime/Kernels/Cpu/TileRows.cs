namespace Moesaic.Kernels.Cpu;

/// <summary>The four rows of weights that a tile multiplies at once.</summary>
/// <remarks>First and second, and third and fourth, are pairs: for one token a pair is read at a time.</remarks>
/// <param name="ahead">From a row of a pair to that of the next pair, in bytes.</param>
internal readonly unsafe struct TileRows(WeightRow first, WeightRow second, WeightRow third, WeightRow fourth, nint ahead)
{
    internal const int Count = 4;

    internal readonly WeightRow First = first;
    internal readonly WeightRow Second = second;
    internal readonly WeightRow Third = third;
    internal readonly WeightRow Fourth = fourth;
    internal readonly nint Ahead = ahead;
}
