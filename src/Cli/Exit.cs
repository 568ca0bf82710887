using System.CommandLine.Parsing;
using Moesaic.Communication;

namespace Moesaic.Cli;

/// <summary>Exit codes, which are part of the tool's contract.</summary>
internal static class Exit
{
    internal const int Ok = 0;

    /// <summary>The tool ran and the answer is no: figures outside the tolerance.</summary>
    internal const int Failed = 1;

    /// <summary>128 + SIGINT, as a shell expects.</summary>
    private const int Cancelled = 130;

    private const int UnusableInput = 2;

    private static readonly TimeSpan OthersFirst = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan BetweenRanks = TimeSpan.FromMilliseconds(300);

    /// <summary>The words that lead to a command: moesaic generate.</summary>
    internal static IEnumerable<string> CommandLine(SymbolResult? command)
    {
        for (var names = new Stack<string>(); ; command = command.Parent)
        {
            if (command is null)
            {
                return names;
            }

            names.Push(((CommandResult)command).Command.Name);
        }
    }

    /// <summary>The user wants no more. Ranks that no launcher ends end each other: one may wait for another on its GPU.</summary>
    internal static int Cancel()
    {
        if (Ranks.Started > 1 && !MpiWorld.IsLaunched)
        {
            NcclWorld.Abort("cancelled", Cancelled);
        }

        return Cancelled;
    }

    /// <summary>Says in one line what is unusable, on stderr.</summary>
    /// <remarks>Of ranks that all fail alike the first speaks, and mpirun ends the others before they do; one that fails alone speaks for itself.</remarks>
    internal static int Unusable(string message)
    {
        if (Ranks.Started > 1)
        {
            var rank = Ranks.StartedAs;
            Thread.Sleep(rank == 0 ? TimeSpan.Zero : OthersFirst + (rank * BetweenRanks));
            var line = rank == 0 || message.StartsWith("rank ", StringComparison.Ordinal) ? message : $"rank {rank} of {Ranks.Started}: {message}";
            if (MpiWorld.IsLaunched)
            {
                MpiWorld.Abort(line);
            }

            NcclWorld.Abort(line);
        }

        Console.Error.WriteLine($"moesaic: {message.ReplaceLineEndings(" ")}");
        return UnusableInput;
    }
}
