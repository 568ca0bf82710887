namespace Moesaic.Eplb;

/// <summary>How many slots there are for how many experts, over all ranks and on one.</summary>
/// <param name="NumLogical">E, of the checkpoint.</param>
/// <param name="NumPhysical">P, over all ranks.</param>
/// <param name="NumLocal">Slots of one rank.</param>
public sealed record PhysicalExperts(int NumLogical, int NumPhysical, int NumLocal)
{
    /// <summary>Slots beyond one for each expert.</summary>
    public int NumRedundant => NumPhysical - NumLogical;

    /// <summary>Ranks.</summary>
    public int NumRanks => NumPhysical / NumLocal;

    /// <summary>The same experts on <paramref name="ranks"/> ranks, with <paramref name="redundant"/> slots beyond one for each.</summary>
    /// <exception cref="EplbException">Ranks do not divide the slots.</exception>
    public static PhysicalExperts Of(int numLogical, int redundant, int ranks)
    {
        var map = SlotMap.Initial(numLogical, redundant);
        new ExpertTopology(map.NumSlots, 1, 1, ranks).Check(numLogical);
        return new(numLogical, map.NumSlots, map.NumSlots / ranks);
    }

    /// <summary>With more or fewer ranks of as many slots each: what a change of the number of ranks comes to.</summary>
    /// <exception cref="EplbException">Slots of a rank are another number, do not divide the whole, or are too few for the experts.</exception>
    public PhysicalExperts With(int numPhysical, int numLocal)
    {
        if (numLocal != NumLocal || numPhysical % NumLocal != 0)
        {
            throw EplbException.Of(
                "physical experts", $"a multiple of {NumLocal}, and {NumLocal} on each rank as before",
                $"{numPhysical} and {numLocal}", "ranks may come and go, their memory stays as it is");
        }

        if (numPhysical < NumLogical)
        {
            throw EplbException.Of("physical experts", $"{NumLogical} or more, one for each expert", $"{numPhysical}", "keep more ranks");
        }

        return this with { NumPhysical = numPhysical };
    }
}
