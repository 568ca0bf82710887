namespace Moesaic.Eplb;

/// <summary>What slots are dealt to.</summary>
/// <param name="NumSlots">P: experts and redundant ones, over all ranks.</param>
/// <param name="NumGroups">Groups of experts that a router limits tokens to; 1 where it knows none.</param>
/// <param name="NumNodes">Machines.</param>
/// <param name="NumRanks">Ranks over all machines, each with as many slots as any other.</param>
public sealed record ExpertTopology(int NumSlots, int NumGroups, int NumNodes, int NumRanks)
{
    /// <summary>Slots of one rank.</summary>
    public int SlotsPerRank => NumSlots / NumRanks;

    /// <summary>Groups stay on one machine, so that a token's experts do too: where machines divide the groups and the slots.</summary>
    public bool IsHierarchical => NumGroups % NumNodes == 0 && NumSlots % NumNodes == 0;

    /// <summary>What experts are dealt within: these groups and machines, or one of each.</summary>
    internal ExpertTopology Effective => IsHierarchical ? this : this with { NumGroups = 1, NumNodes = 1 };

    /// <exception cref="EplbException">Something does not divide, or there are fewer slots than experts.</exception>
    internal void Check(int numExperts)
    {
        Require(NumGroups >= 1 && NumNodes >= 1 && NumRanks >= 1, "groups, machines and ranks", "1 or more each", $"{NumGroups}, {NumNodes} and {NumRanks}", "correct them");
        Require(numExperts % NumGroups == 0, "groups of experts", $"a divisor of {numExperts} experts", $"{NumGroups}", "check n_group in config.json");
        Require(NumRanks % NumNodes == 0, "ranks", $"a multiple of {NumNodes} machines", $"{NumRanks}", "start as many on each machine");
        Require(NumSlots >= numExperts, "slots", $"one or more for each of {numExperts} experts", $"{NumSlots}", "use more ranks or more redundant experts");
        Require(
            NumSlots % NumRanks == 0, "redundant experts", $"experts and redundant ones together a multiple of {NumRanks} ranks",
            $"{numExperts} + {NumSlots - numExperts}", $"--redundant-experts {Below(numExperts)} or {Below(numExperts) + NumRanks} would do");
    }

    /// <summary>The largest number of redundant experts that fits and is not above what was asked for; negative where none is.</summary>
    private int Below(int numExperts)
    {
        var fits = (NumSlots / NumRanks * NumRanks) - numExperts;
        return fits < 0 ? fits + NumRanks : fits;
    }

    private static void Require(bool holds, string what, string expected, string found, string advice)
    {
        if (!holds)
        {
            throw EplbException.Of(what, expected, found, advice);
        }
    }
}
