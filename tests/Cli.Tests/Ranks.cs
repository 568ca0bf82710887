using System.Diagnostics;

namespace Moesaic.Cli.Tests;

/// <summary>Runs the tool as the ranks of one mpirun.</summary>
internal static class Ranks
{
    internal static string Program { get; } = typeof(Exit).Assembly.Location;

    internal static ToolResult Run(int ranks, params string[] arguments) => Result(Mpi.Run(ranks, Program, arguments));

    /// <summary>Ranks with arguments of their own.</summary>
    internal static ToolResult RunEach(params string[][] ranks) => RunEach([.. ranks.Select(static arguments => (Program, arguments))]);

    /// <summary>Ranks with programs of their own, too.</summary>
    internal static ToolResult RunEach(params (string Program, string[] Arguments)[] ranks) => Result(Mpi.Run([], Separated(ranks)));

    /// <summary>The same while something happens to them.</summary>
    internal static ToolResult RunWhile(int ranks, Action<IReadOnlyList<Process>> happens, params string[] arguments) =>
        Result(Mpi.Run([], ["-n", $"{ranks}", "dotnet", Program, .. arguments], mpirun => happens(Await(ranks, arguments))));

    /// <summary>Processes that run the tool with an argument like this.</summary>
    internal static IReadOnlyList<Process> Running(string argument) =>
    [
        .. Process.GetProcesses().Where(process =>
        {
            try
            {
                return File.ReadAllText($"/proc/{process.Id}/cmdline").Split('\0') is ["dotnet", var program, .. var arguments] && program == Program && arguments.Contains(argument);
            }
            catch (IOException)
            {
                return false; // It has just ended.
            }
        }),
    ];

    private static List<Process> Await(int ranks, string[] arguments)
    {
        for (var end = Stopwatch.StartNew(); end.Elapsed < TimeSpan.FromMinutes(1); Thread.Sleep(100))
        {
            if (Running(arguments[^1]) is { } running && running.Count == ranks)
            {
                return [.. running];
            }
        }

        throw new TimeoutException($"mpirun did not start {ranks} ranks");
    }

    private static IEnumerable<string> Separated((string Program, string[] Arguments)[] ranks)
    {
        for (var rank = 0; rank < ranks.Length; rank++)
        {
            foreach (var argument in (string[])[.. rank > 0 ? [":"] : Array.Empty<string>(), "-n", "1", "dotnet", ranks[rank].Program, .. ranks[rank].Arguments])
            {
                yield return argument;
            }
        }
    }

    private static ToolResult Result((int ExitCode, string Stdout, string Stderr) run) => new(run.ExitCode, run.Stdout, run.Stderr);
}
