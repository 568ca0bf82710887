using System.Text.Json;

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

    [Fact]
    public void RankOfSeveral_IsShownWithItsPartOfEachParameter()
    {
        var result = Tool.Run("inspect", "--model", TestData.Golden("gpt_oss"), "--tp", "2", "--ep", "2", "--rank", "3");

        Assert.Equal(0, result.ExitCode);
        Assert.All(
            [
                "rank 3 of --dp 1 --ep 2 --tp 2: 34852 of 106212 numbers",
                "model.embed_tokens.weight row: 80 to 159 of 160",
                "model.layers.0.input_layernorm.weight replicated",
                "model.layers.0.self_attn.q_proj.bias column: 32 to 63 of 64",
                "model.layers.0.self_attn.o_proj.weight row: 32 to 63 of 64",
                "model.layers.0.self_attn.o_proj.bias added by another rank",
                "model.layers.0.mlp.experts.w13 expert, column: experts 4 5 6 7 of 8, 16 to 31 of 32 in gate and in up",
                "model.layers.0.mlp.experts.w2 expert, row: experts 4 5 6 7 of 8, 16 to 31 of 32",
                "model.layers.0.mlp.experts.w2_bias expert, added by another rank: experts 4 5 6 7 of 8",
                "lm_head.weight column: 80 to 159 of 160",
            ],
            line => Assert.Contains($"\n{line}\n", result.Stdout, StringComparison.Ordinal));
    }

    [Fact]
    public void RankInJson_HasEachParameter()
    {
        var result = Tool.Run("inspect", "--model", TestData.Golden("olmoe"), "--tp", "2", "--dp", "2", "--placement", "round-robin", "--json");

        using var json = JsonDocument.Parse(result.Stdout);
        var rank = json.RootElement.GetProperty("rank");
        Assert.Equal((0, 2, 1, 2), (Number("rank"), Number("dp"), Number("ep"), Number("tp")));
        Assert.Contains(rank.GetProperty("parameters").EnumerateArray(), one => one.GetProperty("part").GetString() == "experts 0 2 4 6 of 8, 0 to 11 of 24");
        Assert.Contains("model.layers.0.self_attn: whole on every rank", rank.GetProperty("notes")[0].GetString(), StringComparison.Ordinal);

        int Number(string name) => rank.GetProperty(name).GetInt32();
    }

    [Theory]
    [InlineData("--tp 3: model.layers.0.self_attn: expected a number that divides its query heads, 4; 2 or 4 would do", "--tp", "3")]
    [InlineData("--rank 4: expected 0 to 3, the ranks of --dp 1 --ep 4 --tp 1; correct it, or give --ep, --tp or --dp", "--ep", "4", "--rank", "4")]
    [InlineData("--dp 1 --ep 0 --tp 1: expected 1 to 1024 ranks in all; correct the numbers", "--ep", "0")]
    public void RanksThatCannotBe_AreOneLine(string message, params string[] options)
    {
        var result = Tool.Run(["inspect", "--model", TestData.Golden("mixtral"), .. options]);

        Assert.Equal((2, "", $"moesaic: {message}\n"), (result.ExitCode, result.Stdout, result.Stderr));
    }
}
