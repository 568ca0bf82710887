using System.Diagnostics;

namespace Moesaic.Cli.Tests;

/// <summary>Runs the tool as a user does: a process of its own.</summary>
internal static class Tool
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);

    internal static ToolResult Run(params string[] arguments) => Run([], arguments);

    internal static ToolResult Run(Dictionary<string, string> environment, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        start.ArgumentList.Add(typeof(Exit).Assembly.Location);
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var stdout = process.StandardOutput.ReadToEndAsync();
        var stderr = process.StandardError.ReadToEndAsync();
        if (!process.WaitForExit(Limit))
        {
            process.Kill(entireProcessTree: true);
            Assert.Fail($"moesaic {string.Join(' ', arguments)} did not end within {Limit}");
        }

        return new(process.ExitCode, stdout.Result, stderr.Result);
    }
}
