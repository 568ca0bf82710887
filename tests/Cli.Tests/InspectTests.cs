namespace Moesaic.Cli.Tests;

public sealed class InspectTests
{
    [Fact]
    public void EveryDecision_HasItsLine()
    {
        var source = File.ReadAllLines(Path.Combine(TestData.Root, "src", "Models", "GptOss", "GptOss.cs"));
        var result = Tool.Run("inspect", "--model", TestData.Golden("gpt_oss"));

        Assert.Equal(0, result.ExitCode);
        Assert.Contains($"no selection bias (GptOss.cs:{Line("[MoeBlock<")}, {Line("[RouterWeights(")})", result.Stdout, StringComparison.Ordinal);
        Assert.Contains($"biased (GptOss.cs:{Line("[ExpertWeights(")})", result.Stdout, StringComparison.Ordinal);
        Assert.Contains("none (default)", result.Stdout, StringComparison.Ordinal);

        int Line(string start) => Array.FindIndex(source, line => line.StartsWith(start, StringComparison.Ordinal)) + 1;
    }
}
