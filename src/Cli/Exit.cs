using System.CommandLine.Parsing;

namespace Moesaic.Cli;

/// <summary>Exit codes, which are part of the tool's contract.</summary>
internal static class Exit
{
    internal const int Ok = 0;

    /// <summary>The tool ran and the answer is no: figures outside the tolerance.</summary>
    internal const int Failed = 1;

    /// <summary>128 + SIGINT, as a shell expects.</summary>
    internal const int Cancelled = 130;

    private const int UnusableInput = 2;

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

    /// <summary>Says in one line what is unusable, on stderr.</summary>
    internal static int Unusable(string message)
    {
        Console.Error.WriteLine($"moesaic: {message.ReplaceLineEndings(" ")}");
        return UnusableInput;
    }
}
