namespace Moesaic.Cli.Tests;

/// <summary>What a run of the tool left behind.</summary>
internal sealed record ToolResult(int ExitCode, string Stdout, string Stderr)
{
    /// <summary>Unusable input: exit code 2, nothing on stdout, one line on stderr that says all of these.</summary>
    internal void IsRefused(params string[] words)
    {
        Assert.Equal(2, ExitCode);
        Assert.Empty(Stdout);
        Assert.Single(Stderr.TrimEnd('\n').Split('\n'));
        Assert.All(words, word => Assert.Contains(word, Stderr));
    }
}
