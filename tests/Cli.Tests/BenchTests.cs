using System.Text.Json;
using System.Xml.Linq;

namespace Moesaic.Cli.Tests;

/// <summary>What the benchmark prints and writes, at sizes that take no time; its figures are nobody's business here.</summary>
public sealed class BenchTests
{
    [Theory]
    [InlineData("bfloat16")]
    [InlineData("float32")]
    public void EveryCandidate_IsCheckedAndTimed(string dtype)
    {
        var folder = Directory.CreateTempSubdirectory("moesaic-bench-").FullName;
        try
        {
            var (json, svg) = (Path.Combine(folder, "figures.json"), Path.Combine(folder, "figures.svg"));
            var result = Tool.Run("bench", "experts", "--shape", "64,32,8,2", "--tokens", "1,9", "--seconds", "0", "--dtype", dtype, "--json", json, "--plot", svg);

            Assert.Equal((0, ""), (result.ExitCode, result.Stderr));
            using var figures = JsonDocument.Parse(File.ReadAllText(json));
            var measurements = figures.RootElement.GetProperty("measurements").EnumerateArray().ToArray();
            Assert.Equal([1, 9], measurements.Select(measurement => measurement.GetProperty("tokens").GetInt32()));
            Assert.All(measurements, measurement =>
            {
                var candidates = measurement.GetProperty("candidates");
                Assert.Equal(["naive", "eager", "grouped", "fused"], candidates.EnumerateObject().Select(candidate => candidate.Name));
                Assert.All(candidates.EnumerateObject(), candidate =>
                {
                    Assert.True(candidate.Value.GetProperty("ms").GetDouble() > 0);
                    Assert.InRange(candidate.Value.GetProperty("relative_error").GetDouble(), 0, dtype == "float32" ? 1e-5 : 1e-2);
                });
            });
            Assert.Contains("fused: experts with 6 rows or more go to libtorch's matrix product, as MOESAIC_FUSED_ROWS says", result.Stdout, StringComparison.Ordinal);
            Assert.Equal(4, XDocument.Load(svg).Root!.Elements().Count(element => element.Name.LocalName == "polyline"));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void AModel_IsCheckedAndTimed()
    {
        var folder = Directory.CreateTempSubdirectory("moesaic-bench-").FullName;
        try
        {
            var json = Path.Combine(folder, "figures.json");
            var config = Path.Combine(TestData.Golden("qwen3_moe"), "config.json");
            var result = Tool.Run("bench", "model", "--config", config, "--batch", "1,3", "--context", "9", "--tokens", "2", "--dtype", "float32", "--json", json);

            Assert.Equal((0, ""), (result.ExitCode, result.Stderr));
            using var figures = JsonDocument.Parse(File.ReadAllText(json));
            var measurements = figures.RootElement.GetProperty("measurements").EnumerateArray().ToArray();
            Assert.Equal([1, 3], measurements.Select(measurement => measurement.GetProperty("batch").GetInt32()));
            Assert.All(measurements, measurement =>
            {
                Assert.True(measurement.GetProperty("tokens_per_second").GetDouble() > 0);
                Assert.InRange(measurement.GetProperty("error").GetDouble(), 0, 1e-5);
                Assert.Equal(["attention", "experts", "norms", "additions", "head"], measurement.GetProperty("parts_ms").EnumerateObject().Select(part => part.Name));
            });
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Theory]
    [InlineData("--context 1,2: expected one positive number", "--context", "1,2")]
    [InlineData("--batch x: expected positive numbers, such as 1,8,64, found 'x'", "--batch", "x")]
    public void UnusableNumbersOfAModel_AreSaidInOneLine(string message, params string[] arguments)
    {
        var result = Tool.Run(["bench", "model", "--config", "config.json", .. arguments]);
        Assert.Equal((2, "", $"moesaic: {message}\n"), (result.ExitCode, result.Stdout, result.Stderr));
    }

    [Fact]
    public void FewerExperts_AreMadeWhereTheMemoryIsCapped()
    {
        var result = Tool.Run("bench", "experts", "--shape", "64,32,8,6", "--experts-in-memory", "4", "--tokens", "2", "--seconds", "0", "--experts", "fused");
        Assert.Equal(0, result.ExitCode);
        Assert.StartsWith("64,32,8,6: 4 experts of 64 x 32, 4 per token, BFloat16 on cpu\n", result.Stdout, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--shape 64,32,8: expected four positive numbers D,F,E,K with K at most E, such as 2048,1024,64,8", "--shape", "64,32,8")]
    [InlineData("--shape 64,32,2,8: expected four positive numbers D,F,E,K with K at most E, such as 2048,1024,64,8", "--shape", "64,32,2,8")]
    [InlineData("--shape 64,x,8,2: expected four positive numbers D,F,E,K, such as 2048,1024,64,8, found 'x'", "--shape", "64,x,8,2")]
    [InlineData("--tokens 0: expected positive numbers, such as 1,16,64, found '0'", "--tokens", "0")]
    [InlineData("--experts fast: expected some of naive, eager, grouped, fused, found 'fast'", "--experts", "fast")]
    [InlineData("--experts-in-memory 0: expected 1 or more", "--experts-in-memory", "0")]
    [InlineData("--seconds -1: expected 0 or more", "--seconds", "-1")]
    [InlineData("--preset and --shape: expected one of them, found both", "--preset", "mixtral-8x7b", "--shape", "64,32,8,2")]
    public void UnusableInput_IsSaidInOneLine(string message, params string[] arguments)
    {
        var result = Tool.Run(["bench", "experts", .. arguments]);
        Assert.Equal((2, "", $"moesaic: {message}\n"), (result.ExitCode, result.Stdout, result.Stderr));
    }

    [Fact]
    public void WhatDoesNotFit_IsRefusedWithTheNumberThatDoes()
    {
        var result = Tool.Run("bench", "experts", "--shape", "10000,10000,100000,2");
        Assert.Equal((2, ""), (result.ExitCode, result.Stdout));
        Assert.Matches(@"^moesaic: 100000 experts take 60000\.0 GB, expected at most [\d.]+ GB, which is 80\s?% of what is free; use --experts-in-memory \d+ or fewer\n$", result.Stderr);
    }
}
