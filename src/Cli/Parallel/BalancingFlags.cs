using System.CommandLine;
using Moesaic.Eplb;

namespace Moesaic.Cli;

/// <summary>The options of expert load balancing. Any of them asks for it.</summary>
internal sealed class BalancingFlags
{
    private static readonly EplbOptions Defaults = new();

    private readonly Option<int>[] _all;

    internal BalancingFlags(Command command)
    {
        _all = [Redundant, Interval, Window, Log, Nodes];
        foreach (var option in _all)
        {
            command.Add(option);
        }
    }

    private Option<int> Redundant { get; } = new("--redundant-experts") { Description = "Slots beyond one for each expert, over all ranks [default: 0]", HelpName = "R" };

    private Option<int> Interval { get; } = new("--eplb-interval")
    {
        Description = "Steps from one rebalance of the experts to the next; 0 for none",
        HelpName = "S",
        DefaultValueFactory = _ => Defaults.Interval,
    };

    private Option<int> Window { get; } = new("--eplb-window")
    {
        Description = "Steps whose load counts, the latest ones; at most the interval",
        HelpName = "W",
        DefaultValueFactory = _ => Defaults.Window,
    };

    private Option<int> Log { get; } = new("--eplb-log") { Description = "Steps from one line of the balancedness to the next [default: none]", HelpName = "S" };

    private Option<int> Nodes { get; } = new("--nodes") { Description = "Machines that the ranks are on", HelpName = "N", DefaultValueFactory = _ => Defaults.NumNodes };

    /// <summary>Null where none of the options is given.</summary>
    internal EplbOptions? Read(ParseResult parsed)
    {
        if (_all.All(option => parsed.GetResult(option) is null or { Implicit: true }))
        {
            return null;
        }

        var interval = parsed.GetValue(Interval);
        return new()
        {
            RedundantExperts = parsed.GetValue(Redundant),
            Interval = interval,
            // A window that nobody gave follows an interval that somebody did.
            Window = parsed.GetResult(Window) is null or { Implicit: true } && interval > 0 ? Math.Min(Defaults.Window, interval) : parsed.GetValue(Window),
            LogInterval = parsed.GetValue(Log),
            NumNodes = parsed.GetValue(Nodes),
        };
    }
}
