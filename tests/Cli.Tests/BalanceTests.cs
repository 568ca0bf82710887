using System.Text.Json;

namespace Moesaic.Cli.Tests;

/// <summary>What <c>inspect --eplb</c> says of the load of ranks.</summary>
public sealed class BalanceTests
{
    [Fact]
    public void Text_DrawsEachRank()
    {
        var result = Tool.Run("inspect", "--model", TestData.Golden("mixtral"), "--eplb", "--ep", "4", "--redundant-experts", "4");

        Assert.Equal(0, result.ExitCode);
        Assert.Contains("load of 48 tokens of", result.Stdout);
        Assert.Contains("model.layers.1.block_sparse_moe: balancedness 0.686 -> 0.923, ", result.Stdout);
        Assert.Contains("█", result.Stdout);
    }

    [Fact]
    public void SavedLoad_GivesTheSameReport()
    {
        var file = Path.GetTempFileName();
        try
        {
            string[] common = ["inspect", "--eplb", "--ep", "2", "--redundant-experts", "2", "--json"];
            var recorded = Tool.Run([.. common, "--prompt", "In the beginning", "--save-load", file]);
            var read = Tool.Run([.. common, "--load", file]);

            Assert.Equal((0, 0), (recorded.ExitCode, read.ExitCode));
            using var first = JsonDocument.Parse(recorded.Stdout);
            using var second = JsonDocument.Parse(read.Stdout);
            Assert.Equal(first.RootElement.GetProperty("layers").GetRawText(), second.RootElement.GetProperty("layers").GetRawText());
            var layer = second.RootElement.GetProperty("layers")[0];
            Assert.Equal([0, 1, 2, 3, 4, 5, 6, 7, 0, 1], layer.GetProperty("before").GetProperty("physical_to_logical").EnumerateArray().Select(slot => slot.GetInt32()));
            Assert.True(
                second.RootElement.GetProperty("balancedness_after").GetDouble() > second.RootElement.GetProperty("balancedness_before").GetDouble(),
                "the ranks of an uneven load are not more even");
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public void LoadOfAContinuation_HasEveryToken()
    {
        var file = Path.GetTempFileName();
        try
        {
            var recorded = Tool.Run("generate", "--prompt", "In the beginning", "--max-tokens", "5", "--save-load", file);
            Assert.True(recorded.ExitCode == 0, recorded.Stderr);

            var report = Tool.Run("inspect", "--eplb", "--ep", "2", "--load", file, "--json");

            using var json = JsonDocument.Parse(report.Stdout);
            var perLayer = json.RootElement.GetProperty("layers").EnumerateArray()
                .Select(layer => layer.GetProperty("after").GetProperty("ranks").EnumerateArray().Sum(rank => rank.GetDouble())).ToList();
            Assert.True(perLayer[0] >= 2 * (3 + 4), "fewer than the prompt's tokens and four of the continuation, of two experts each");
            Assert.All(perLayer, load => Assert.Equal(perLayer[0], load, 6));
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public void ModelWithoutInputs_NeedsATextOrALoad()
    {
        var result = Tool.Run("inspect", "--eplb");

        Assert.Equal(2, result.ExitCode);
        Assert.Contains("give --prompt TEXT or --load FILE", result.Stderr);
    }

    [Theory]
    [InlineData("--redundant-experts 992 or 1992 would do", "--eplb", "--ep", "1000")]
    [InlineData("--redundant-experts 1 or 4 would do", "--eplb", "--ep", "3")]
    [InlineData("correct --redundant-experts", "--eplb", "--redundant-experts", "-1")]
    [InlineData("1 or more each", "--eplb", "--ep", "0")]
    [InlineData("a multiple of 3 machines", "--eplb", "--ep", "8", "--nodes", "3")]
    [InlineData("expected --eplb beside it", "--nodes", "2")]
    [InlineData("--tp: expected only --ep beside --eplb", "--eplb", "--tp", "2")]
    [InlineData("expected neither --prompt nor --save-load", "--eplb", "--load", "x", "--prompt", "y")]
    [InlineData("expected a load file", "--eplb", "--load", "no-such-file")]
    public void WhatCannotBe_IsOneLine(string says, params string[] arguments)
    {
        var result = Tool.Run(["inspect", "--model", TestData.Golden("mixtral"), .. arguments]);

        Assert.Equal(2, result.ExitCode);
        Assert.Equal("", result.Stdout);
        Assert.Contains(says, Assert.Single(result.Stderr.TrimEnd('\n').Split('\n')));
    }
}
