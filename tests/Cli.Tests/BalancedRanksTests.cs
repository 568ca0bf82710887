namespace Moesaic.Cli.Tests;

/// <summary>Four processes whose experts are dealt anew in the middle of a continuation compute what one does.</summary>
public sealed class BalancedRanksTests
{
    private static readonly string[] Balanced = ["--ep", "4", "--redundant-experts", "4", "--eplb-interval", "4"];

    [MpiTheory]
    [InlineData("mixtral")]
    [InlineData("qwen2_moe")]
    [InlineData("deepseek_v3")]
    [InlineData("deepseek_v3_fp8")]
    [InlineData("gpt_oss")]
    [InlineData("gpt_oss_mxfp4")]
    [InlineData("granitemoeshared")]
    [InlineData("aria_text")]
    public void Verify_EqualsTheReference(string name)
    {
        var result = Mpi.Run(4, typeof(Exit).Assembly.Location, ["verify", "--model", TestData.Golden(name), .. Balanced]);

        Assert.True(result.ExitCode == 0, $"{result.Stdout}{result.Stderr}");
        Assert.EndsWith("greedy=16/16\n", result.Stdout);
        // 17 passes: the first rebalance after one, then every four. One text may load experts as the one before did.
        var rebalances = result.Stderr.Split('\n').Where(line => line.StartsWith("eplb rebalance: balancedness", StringComparison.Ordinal)).ToList();
        Assert.Equal(5, rebalances.Count);
        Assert.True(rebalances.Count(line => !line.Contains(", 0 of", StringComparison.Ordinal)) >= 2, result.Stderr);
    }

    [MpiFact]
    public void Generate_WritesWhatOneProcessDoes()
    {
        string[] common = ["generate", "--prompt", "In the beginning", "--max-tokens", "16", "--dtype", "float32"];
        var alone = Tool.Run(common);
        var together = Mpi.Run(4, typeof(Exit).Assembly.Location, [.. common, .. Balanced, "--eplb-log", "8"]);

        Assert.True(together.ExitCode == 0, together.Stderr);
        Assert.Equal(alone.Stdout, together.Stdout);
        Assert.Contains("eplb step 8: avg_tokens=", together.Stderr);
    }

    [MpiFact]
    public void RedundantExpertsThatDoNotFit_AreOneLine()
    {
        var result = Mpi.Run(4, typeof(Exit).Assembly.Location, "verify", "--model", TestData.Golden("mixtral"), "--ep", "4", "--redundant-experts", "3");

        Assert.Equal(2, result.ExitCode);
        Assert.Contains("--redundant-experts 0 or 4 would do", Assert.Single(result.Stderr.TrimEnd('\n').Split('\n')));
    }

    [Theory]
    [InlineData("two ranks or more that share experts", "--redundant-experts", "4")]
    [InlineData("two ranks or more that share experts", "--tp", "2", "--eplb-interval", "4")]
    [InlineData("at most the 10 of the interval, found 11", "--ep", "4", "--eplb-interval", "10", "--eplb-window", "11")]
    [InlineData("at most the 3000 of the interval, found 3001", "--ep", "4", "--eplb-window", "3001")]
    [InlineData("correct --eplb-window", "--ep", "4", "--eplb-window", "0")]
    [InlineData("correct --eplb-interval", "--ep", "4", "--eplb-interval", "-1")]
    [InlineData("correct --redundant-experts", "--ep", "4", "--redundant-experts", "-4")]
    [InlineData("linear placement", "--ep", "4", "--redundant-experts", "4", "--placement", "round-robin")]
    public void OptionsThatCannotBe_AreOneLine(string says, params string[] options)
    {
        var result = Tool.Run(["verify", "--model", TestData.Golden("mixtral"), .. options]);

        Assert.Equal(2, result.ExitCode);
        Assert.Contains(says, Assert.Single(result.Stderr.TrimEnd('\n').Split('\n')));
    }
}
