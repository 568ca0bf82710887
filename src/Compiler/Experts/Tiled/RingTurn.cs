namespace Moesaic.Kernels;

/// <summary>Where the n-th piece of what goes around a ring of some places lies, and how often that place was used before.</summary>
internal static class RingTurn
{
    // Up to 8 places and 2^30 uses a multiplication divides exactly. PTX's own division goes through floats.
    private const int Shift = 33;

    internal static int Of(int used, int places) => used - (Turns(used, places) * places);

    /// <summary>The phase of the place's barrier: whether it was used before an even or an odd number of times.</summary>
    internal static int Phase(int used, int places) => Turns(used, places) & 1;

    private static int Turns(int used, int places) => (places & (places - 1)) == 0
        ? (int)((uint)used / (uint)places)
        : (int)(((ulong)(uint)used * (((1UL << Shift) / (uint)places) + 1)) >> Shift);
}
