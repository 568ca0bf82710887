using System.Text.Json;

namespace Moesaic.Cli.Tests;

public sealed class VerifyTests
{
    [Theory]
    [InlineData("mixtral", "eager")]
    [InlineData("mixtral", "grouped")]
    [InlineData("mixtral_sharded", "eager")]
    [InlineData("mixtral_sharded", "grouped")]
    public void GoldenCase_Agrees(string name, string experts)
    {
        var result = Tool.Run("verify", "--model", TestData.Golden(name), "--experts", experts);

        Assert.Equal(0, result.ExitCode);
        Assert.Matches(@"^logits max_abs_err=\d\.\d\de[-+]\d\d rel_err=\d\.\d\de[-+]\d\d greedy=16/16$", result.Stdout.TrimEnd('\n').Split('\n')[^1]);
    }

    [Fact]
    public void Bfloat16_ReportsItsError()
    {
        var result = Tool.Run("verify", "--model", TestData.Golden("mixtral"), "--dtype", "bfloat16", "--json");

        using var json = JsonDocument.Parse(result.Stdout);
        Assert.InRange(json.RootElement.GetProperty("max_abs_err").GetDouble(), 1e-4, 4);
        Assert.Equal(1, result.ExitCode);
    }

    [Fact]
    public void SmallTolerance_Fails() =>
        Assert.Equal(1, Tool.Run("verify", "--model", TestData.Golden("mixtral"), "--tolerance", "0").ExitCode);

    [Fact]
    public void MissingExpectation_IsRefused() => Tool.Run("verify", "--model", TestData.Sample).IsRefused("expected.safetensors");

    [Fact]
    public void OtherModelsExpectation_IsRefused() =>
        Tool.Run("verify", "--model", TestData.Sample, "--expected", Path.Combine(TestData.Golden("mixtral"), "expected.safetensors")).IsRefused("logits", "2048");

    [Fact]
    public void BackendAgainstAnother_Agrees()
    {
        var result = Tool.Run("verify", "--model", TestData.Golden("mixtral"), "--experts", "fused", "--against", "eager", "--tolerance", "1e-5");
        Assert.Equal((0, "experts: fused, as asked\n"), (result.ExitCode, result.Stderr));
        Assert.Equal(1, Tool.Run("verify", "--model", TestData.Golden("gpt_oss"), "--experts", "fused", "--against", "eager", "--dtype", "bfloat16", "--tolerance", "0").ExitCode);
    }

    /// <summary>A comparison of a backend with itself would always agree.</summary>
    [Fact]
    public void BackendThatCannotRun_IsNotComparedUnderItsName() =>
        Tool.Run("verify", "--model", TestData.Golden("mixtral"), "--experts", "fused", "--against", "eager", "--dtype", "float16").IsRefused("--experts fused", "Float16");

    [Fact]
    public void ModelThatIsNotItsReferences_GeneratesNothing() =>
        Tool.Run("generate", "--prompt", "In", "--expected", Path.Combine(TestData.Golden("mixtral"), "expected.safetensors")).IsRefused("logits", "2048");
}
