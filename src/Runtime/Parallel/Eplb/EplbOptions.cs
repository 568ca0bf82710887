namespace Moesaic.Eplb;

/// <summary>How often experts are dealt anew, and by which steps' load. The same on every rank: ranks enter collectives together.</summary>
public sealed record EplbOptions
{
    /// <summary>R: slots beyond one for each expert, over all ranks.</summary>
    public int RedundantExperts { get; init; }

    /// <summary>S: steps from one rebalance to the next. The first comes after a quarter of them; 0 for none at all.</summary>
    public int Interval { get; init; } = 3000;

    /// <summary>W: of how many steps the load counts, the latest ones.</summary>
    public int Window { get; init; } = 1000;

    /// <summary>How many layers' weights are moved after one step, so that none takes long.</summary>
    public int LayersPerStep { get; init; } = 1;

    /// <summary>Steps from one log line of the balancedness to the next; 0 for none.</summary>
    public int LogInterval { get; init; }

    /// <summary>Machines that the ranks are on, as many on each: groups of experts stay on one where that divides.</summary>
    public int NumNodes { get; init; } = 1;

    /// <summary>Refuses what cannot work; whoever makes a balancer does.</summary>
    /// <exception cref="EplbException">A number is too small, or the window longer than the interval.</exception>
    public void Check()
    {
        Require(RedundantExperts >= 0, "redundant experts", "0 or more", RedundantExperts, "correct --redundant-experts");
        Require(Interval >= 0, "steps from one rebalance to the next", "1 or more, or 0 for none", Interval, "correct --eplb-interval");
        Require(Window >= 1, "steps whose load counts", "1 or more", Window, "correct --eplb-window");
        Require(LayersPerStep >= 1, "layers that are moved after a step", "1 or more", LayersPerStep, "correct it");
        Require(LogInterval >= 0, "steps from one log line to the next", "1 or more, or 0 for none", LogInterval, "correct it");
        Require(NumNodes >= 1, "machines", "1 or more", NumNodes, "correct it");
        Require(
            Interval == 0 || Window <= Interval, "steps whose load counts", $"at most the {Interval} of the interval", Window,
            "a rebalance has answered what came before it: make --eplb-window shorter or --eplb-interval longer");
    }

    private static void Require(bool holds, string what, string expected, int found, string advice)
    {
        if (!holds)
        {
            throw EplbException.Of(what, expected, $"{found}", advice);
        }
    }
}
