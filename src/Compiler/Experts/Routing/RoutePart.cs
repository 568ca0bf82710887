using ILGPU;

namespace Moesaic.Kernels;

/// <summary>The slots that a block of an alignment looks at: consecutive ones, a multiple of 32.</summary>
internal struct RoutePart
{
    internal int Begin;
    internal int End;

    internal static RoutePart Of(int routes)
    {
        var each = (routes + (32 * Grid.DimX) - 1) / (32 * Grid.DimX) * 32;
        var begin = Grid.IdxX * each;
        var end = begin + each;
        return new() { Begin = begin < routes ? begin : routes, End = end < routes ? end : routes };
    }
}
