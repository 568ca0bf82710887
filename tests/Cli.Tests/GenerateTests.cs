using System.Text.Json;

namespace Moesaic.Cli.Tests;

public sealed class GenerateTests
{
    public static TheoryData<string, string> Expected()
    {
        using var json = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(TestData.Sample, "expected.json")));
        var data = new TheoryData<string, string>();
        foreach (var generation in json.RootElement.GetProperty("generations").EnumerateArray())
        {
            data.Add(generation.GetProperty("prompt").GetString()!, generation.GetProperty("text").GetString()!);
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Expected))]
    public void SampleModel_ContinuesAsTheReference(string prompt, string text)
    {
        var result = Tool.Run("generate", "--prompt", prompt, "--dtype", "float32", "--max-tokens", "48");

        Assert.Equal(0, result.ExitCode);
        Assert.Equal(text, result.Stdout);
        Assert.Contains("tokens/s", result.Stderr);
    }

    [Fact]
    public void OneSeed_DrawsOneText()
    {
        string[] arguments = ["generate", "--prompt", "And", "--temperature", "1", "--top-k", "50", "--top-p", "0.9", "--max-tokens", "12"];
        var first = Tool.Run([.. arguments, "--seed", "7"]);
        var second = Tool.Run([.. arguments, "--seed", "7"]);
        var other = Tool.Run([.. arguments, "--seed", "8"]);

        Assert.Equal(first.Stdout, second.Stdout);
        Assert.NotEqual(first.Stdout, other.Stdout);
    }

    [Fact]
    public void ZeroTokens_WriteNothing() => Assert.Empty(Tool.Run("generate", "--prompt", "And", "--max-tokens", "0").Stdout);

    [Fact]
    public void LongPrompt_IsRefused() =>
        Tool.Run("generate", "--prompt", string.Concat(Enumerable.Repeat("word ", 2000))).IsRefused("512", "max_position_embeddings");

    [Theory]
    [InlineData("--temperature", "-1")]
    [InlineData("--top-k", "0")]
    [InlineData("--top-p", "1.5")]
    [InlineData("--max-tokens", "-3")]
    [InlineData("--max-tokens", "many")]
    [InlineData("--dtype", "int4")]
    [InlineData("--experts", "magic")]
    public void WrongOption_IsRefused(string option, string value) =>
        Tool.Run("generate", "--prompt", "And", option, value).IsRefused(value);

    [Fact]
    public void MissingPrompt_IsRefused() => Tool.Run("generate").IsRefused("--prompt");
}
