using System.CommandLine;
using Moesaic.Eplb;

namespace Moesaic.Cli;

/// <summary>The options of every command that may run on several ranks.</summary>
internal sealed class ParallelFlags
{
    private readonly BalancingFlags _balancing;

    internal ParallelFlags(Command command)
    {
        Dispatch.AcceptOnlyFromAmong("auto", "all-gather", "all-to-all");
        Placement.AcceptOnlyFromAmong("linear", "round-robin");
        foreach (var degree in (Option<int>[])[Expert, Tensor, Data])
        {
            degree.Validators.Add(result =>
            {
                if (result.Tokens is [{ Value: var text }] && !(int.TryParse(text, out var number) && number is >= 1 and <= 4096))
                {
                    result.AddError($"{degree.Name}: expected a number of ranks, 1 to 4096, found {text}.");
                }
            });
            command.Add(degree);
        }

        command.Add(Dispatch);
        command.Add(Placement);
        _balancing = new(command);
    }

    private Option<int> Expert { get; } = new("--ep") { Description = "Ranks that share the experts of the same tokens", HelpName = "N", DefaultValueFactory = _ => 1 };

    private Option<int> Tensor { get; } = new("--tp") { Description = "Ranks that share each matrix", HelpName = "N", DefaultValueFactory = _ => 1 };

    private Option<int> Data { get; } = new("--dp") { Description = "Ranks with sequences of their own; experts are spread over all dp x ep", HelpName = "N", DefaultValueFactory = _ => 1 };

    private Option<string> Dispatch { get; } = new("--dispatch") { Description = "How tokens reach experts: auto, all-gather or all-to-all [default: auto]", HelpName = "WAY" };

    private Option<string> Placement { get; } = new("--placement") { Description = "Which rank has which experts: linear or round-robin [default: linear]", HelpName = "ORDER" };

    internal ParallelLayout Read(ParseResult parsed) => new()
    {
        Expert = parsed.GetValue(Expert),
        Tensor = parsed.GetValue(Tensor),
        Data = parsed.GetValue(Data),
        Dispatch = parsed.GetValue(Dispatch) switch
        {
            "all-gather" => ExpertDispatch.AllGather,
            "all-to-all" => ExpertDispatch.AllToAll,
            _ => ExpertDispatch.Auto,
        },
        Balancing = _balancing.Read(parsed),
        Placement = parsed.GetValue(Placement) == "round-robin" ? PlacementStrategy.RoundRobin : PlacementStrategy.Linear,
    };
}
