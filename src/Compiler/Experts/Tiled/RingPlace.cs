namespace Moesaic.Kernels;

/// <summary>A place of a ring whose places are used in turn, and how often the ring was gone round: even or odd, as barriers count.</summary>
internal struct RingPlace
{
    internal int Index;

    /// <summary>0 or 1.</summary>
    internal int Phase;

    /// <summary>The next one of so many.</summary>
    internal readonly RingPlace Next(int places) =>
        Index + 1 == places ? new() { Phase = Phase ^ 1 } : new() { Index = Index + 1, Phase = Phase };

    /// <summary>The one so many places further on. It goes around: PTX has no division but through floats.</summary>
    internal readonly RingPlace Skip(int count, int places)
    {
        var (index, phase) = (Index + count, Phase);
        while (index >= places)
        {
            index -= places;
            phase ^= 1;
        }

        return new() { Index = index, Phase = phase };
    }
}
