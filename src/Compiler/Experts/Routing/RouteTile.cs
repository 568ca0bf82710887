namespace Moesaic.Kernels;

/// <summary>Routes of one expert that a block computes together. In memory: four int32.</summary>
internal struct RouteTile
{
    internal const int Bytes = 16;

    internal int Expert;

    /// <summary>The first of them, in the order sorted by expert.</summary>
    internal int Begin;

    /// <summary>One past the last.</summary>
    internal int End;

    /// <summary>Which of its expert's tiles it is, below 65536.</summary>
    internal int Number;

    /// <summary>How many its expert has.</summary>
    internal int Count;

    /// <summary>A tile of one route, the slot <paramref name="route"/>.</summary>
    internal static RouteTile OfRoute(long ids, int route) =>
        new() { Expert = GlobalMemory.LoadFreshInt(ids + (4L * route)), Begin = route, End = route + 1, Count = 1 };

    internal static RouteTile Load(long tiles, int index)
    {
        var bits = GlobalMemory.LoadFreshBits4(tiles + ((long)index * Bytes));
        return new() { Expert = (int)bits.X, Begin = (int)bits.Y, End = (int)bits.Z, Number = (int)(bits.W & 0xffff), Count = (int)(bits.W >> 16) };
    }

    internal readonly void Store(long tiles, int index) => GlobalMemory.StoreBits4(
        tiles + ((long)index * Bytes), new() { X = (uint)Expert, Y = (uint)Begin, Z = (uint)End, W = (uint)(Number | (Count << 16)) });
}
