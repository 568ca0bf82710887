using System.CommandLine;
using Moesaic.Eplb;

namespace Moesaic.Cli.Commands;

/// <summary>The options by which <c>inspect</c> shows what one of several ranks would have.</summary>
internal sealed class CutOptions
{
    private const int MostRanks = 1024;

    internal CutOptions(Command command)
    {
        Placement.AcceptOnlyFromAmong("linear", "round-robin");
        foreach (var option in (Option[])[Expert, Tensor, Data, Placement, Rank])
        {
            command.Add(option);
        }
    }

    internal Option<int> Expert { get; } = new("--ep") { Description = "Show what a rank has where N share the experts; with --eplb, those whose load is drawn [default: 1; with --eplb 8]", HelpName = "N", DefaultValueFactory = _ => 1 };

    private Option<int> Tensor { get; } = new("--tp") { Description = "Where N share each matrix", HelpName = "N", DefaultValueFactory = _ => 1 };

    private Option<int> Data { get; } = new("--dp") { Description = "Where N have sequences of their own", HelpName = "N", DefaultValueFactory = _ => 1 };

    private Option<string> Placement { get; } = new("--placement") { Description = "Which rank has which experts: linear or round-robin [default: linear]", HelpName = "ORDER" };

    private Option<int> Rank { get; } = new("--rank") { Description = "Which rank to show", HelpName = "R", DefaultValueFactory = _ => 0 };

    /// <summary>What the rank asked for has; null where there is but one.</summary>
    /// <exception cref="ParallelException">There is no such rank, or sizes do not divide so.</exception>
    internal CutReport? Report(ParseResult parsed, string directory)
    {
        var layout = new ParallelLayout
        {
            Expert = parsed.GetValue(Expert),
            Tensor = parsed.GetValue(Tensor),
            Data = parsed.GetValue(Data),
            Placement = parsed.GetValue(Placement) == "round-robin" ? PlacementStrategy.RoundRobin : PlacementStrategy.Linear,
        };
        if (layout is not { Expert: >= 1 and <= MostRanks, Tensor: >= 1 and <= MostRanks, Data: >= 1 and <= MostRanks } || (long)layout.Expert * layout.Tensor * layout.Data > MostRanks)
        {
            throw new ParallelException($"{layout}: expected 1 to {MostRanks} ranks in all; correct the numbers");
        }

        var rank = parsed.GetValue(Rank);
        if (rank < 0 || rank >= layout.World)
        {
            throw new ParallelException($"--rank {rank}: expected 0 to {layout.World - 1}, the ranks of {layout}; correct it, or give --ep, --tp or --dp");
        }

        return layout.World == 1 ? null : CutReport.Of(directory, layout, rank);
    }

    /// <summary>Load is drawn of ranks that share experts, whatever else they share.</summary>
    /// <exception cref="ParallelException">Another option is given.</exception>
    internal void RefuseOthers(ParseResult parsed)
    {
        foreach (var option in (Option[])[Tensor, Data, Placement, Rank])
        {
            if (parsed.GetResult(option) is { Implicit: false })
            {
                throw new ParallelException($"{option.Name}: expected only --ep beside --eplb; leave it out");
            }
        }
    }
}
